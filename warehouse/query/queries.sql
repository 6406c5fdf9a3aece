-- name: sources_and_health
-- Every source with its strikes, and when it last went well.
SELECT name, sources.state, coalesce(strikes, 0) AS strikes, last_success_at, last_error, location
FROM state.sources LEFT JOIN state.health USING (source_id)
ORDER BY strikes DESC, name

-- name: latest_runs
-- The last runs: how long they took, and what they brought.
SELECT source_id, started_at, finished_at - started_at AS took, documents, unchanged, failed, records, error
FROM state.runs
ORDER BY started_at DESC
LIMIT 100

-- name: open_tasks
-- What waits or runs, by source and kind.
SELECT source_id, kind, state, count(*) AS tasks, min(not_before) AS earliest
FROM state.tasks
WHERE state IN ('waiting', 'running')
GROUP BY ALL
ORDER BY tasks DESC

-- name: failed_tasks
-- Tasks that wait for a person, and why.
SELECT finished_at, source_id, kind, attempts, error, payload
FROM state.tasks
WHERE state = 'failed'
ORDER BY finished_at DESC

-- name: documents_per_day
-- How many new document versions came from each source, day by day.
SELECT source_id, fetched_at::DATE AS day, count(*) AS documents, sum(size) AS bytes
FROM state.documents
GROUP BY ALL
ORDER BY day DESC, documents DESC

-- name: changing_pages
-- Pages with the most versions.
SELECT source_id, url, count(*) AS versions, max(fetched_at) AS newest
FROM state.documents
GROUP BY ALL
HAVING versions > 1
ORDER BY versions DESC
LIMIT 100

-- name: extractor_versions
-- The versions of extractors, the active ones first.
SELECT source_id, template, version, state, created_at, promoted_at, note
FROM state.extractors
ORDER BY state <> 'active', source_id, template, version DESC
