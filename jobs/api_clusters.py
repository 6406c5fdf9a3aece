"""REST for clusters: looking, and what a person does with them."""

from typing import Any, Literal

from fastapi import FastAPI
from pydantic import BaseModel

from core.model.schema import SchemaReview
from core.pipeline import Pipeline
from core.pipeline.cluster_views import shown_cluster, shown_detail
from core.pipeline.clusters import criterion_of


class ActRequest(BaseModel):
    """What is done, by whom, and why."""

    by: str = "a client of REST"
    why: str = ""


class NameRequest(ActRequest):
    """What a cluster, or the table that is proposed of it, is called."""

    name: str


class MergeRequest(ActRequest):
    """The cluster that is of one kind with this one."""

    other: str


class SplitRequest(ActRequest):
    """The field that tells kinds apart: by what it says, or whether it is there."""

    field: str
    kind: Literal["text", "presence"] = "text"


def offer_clusters(api: FastAPI, pipeline: Pipeline) -> None:
    """Add the routes."""

    @api.get("/clusters")
    def clusters() -> list[dict[str, Any]]:
        """Kinds of records that came together, those with the most first, each with what it lacks to be stable."""
        return [shown_cluster(view) for view in pipeline.clusters.all()]

    @api.get("/clusters/{cluster_id}")
    def cluster(cluster_id: str) -> dict[str, Any]:
        """One of them: its fields, some of its records, the nearest one, and what was done with it."""
        return shown_detail(pipeline.clusters.one(cluster_id))

    @api.post("/clusters/{cluster_id}/name")
    def name(cluster_id: str, said: NameRequest) -> dict[str, Any]:
        """Call it by a name."""
        pipeline.clusters.name(cluster_id, said.name, said.by)
        return cluster(cluster_id)

    @api.post("/clusters/{cluster_id}/merge")
    def merge(cluster_id: str, said: MergeRequest) -> dict[str, Any]:
        """It is of one kind with another one; the answer is the one that stays."""
        return cluster(pipeline.clusters.merge(cluster_id, said.other, said.by, said.why))

    @api.post("/clusters/{cluster_id}/split")
    def split(cluster_id: str, said: SplitRequest) -> dict[str, Any]:
        """It is of several kinds; the answer says into which it went."""
        pipeline.clusters.split(cluster_id, criterion_of(said.field, said.kind), said.by, said.why)
        return cluster(cluster_id)

    @api.post("/clusters/{cluster_id}/propose")
    def propose(cluster_id: str, said: NameRequest) -> SchemaReview:
        """A typed table of its rows, for a person to look at."""
        return pipeline.clusters.propose([cluster_id], said.name, said.by, said.why)
