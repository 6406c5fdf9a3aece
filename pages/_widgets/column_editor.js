// The list of columns. Every change is sent as soon as it is made, with all those that were not answered for yet, so
// that none is lost when the next thing is done before the answer is there.

const cell = (row, className, child) => {
  const made = row.insertCell();
  made.className = className;
  if (child) made.append(child);
  return made;
};

const control = (tag, className, label, more = {}) =>
  Object.assign(document.createElement(tag), { className, ariaLabel: label, ...more });

const percent = share => `${Math.round(share * 100)} %`;

export default function (component) {
  const { parentElement, data, setStateValue, setTriggerValue } = component;
  const root = parentElement.querySelector('.columns');
  const sender = () => Math.random().toString(36).slice(2);
  const mine = (root.mine ??= { sender: sender(), layout: null, pending: [], last: 0, anchor: -1, focus: -1 });

  // what one click changes has one number
  const send = changes => {
    mine.last = Math.max(Date.now(), mine.last + 1);
    mine.pending.push(...changes.map(change => ({ ...change, number: mine.last })));
    setStateValue('edits', { sender: mine.sender, layout: mine.layout, changes: mine.pending });
  };

  const keepFrom = (at, keep, range) => {
    const [first, last] = range && mine.anchor >= 0 ? [Math.min(mine.anchor, at), Math.max(mine.anchor, at)] : [at, at];
    mine.anchor = at;
    const changed = [];
    for (let row = first; row <= last; row++) if (mine.rows[row].keep.checked !== keep || row === at) changed.push(row);
    for (const row of changed) mine.rows[row].keep.checked = keep;
    send(changed.map(row => ({ at: row, what: 'keep', value: keep })));
    fade();
  };

  const fade = () => mine.rows.forEach(row => row.line.classList.toggle('out', !row.keep.checked));

  const look = at => {
    mine.focus = mine.focus === at ? -1 : at;
    mark();
    setTriggerValue('focus', mine.focus);
  };

  const mark = () => mine.rows.forEach((row, at) => {
    row.swatch.ariaPressed = String(at === mine.focus);
    row.line.classList.toggle('lit', at === mine.focus);
  });

  const made = (body, at) => {
    const line = body.insertRow();
    const keep = control('input', 'keep', '', { type: 'checkbox' });
    keep.onclick = event => keepFrom(at, keep.checked, event.shiftKey);
    const swatch = control('button', 'swatch', '', { type: 'button', title: 'Show it on the page' });
    swatch.onclick = () => look(at);
    const name = control('input', 'name', '', { spellcheck: false });
    name.onchange = () => send([{ at, what: 'name', value: name.value }]);
    name.onkeydown = event => {
      if (event.key === 'Escape') name.value = mine.data.rows[at].name;
      if (event.key === 'Enter' || event.key === 'Escape') name.blur();
    };
    const type = control('select', 'type', '');
    for (const kind of data.types) type.append(new Option(kind, kind));
    type.onchange = () => send([{ at, what: 'type', value: type.value }]);
    cell(line, 'tick', keep);
    cell(line, 'color', swatch);
    cell(line, 'called', name);
    cell(line, 'typed', type);
    return { line, keep, swatch, name, type, examples: cell(line, 'examples'), filled: cell(line, 'share'), sure: cell(line, 'share') };
  };

  const build = () => {
    root.replaceChildren();
    const table = root.appendChild(document.createElement('table'));
    const head = table.createTHead().insertRow();
    const all = control('input', 'all', 'Keep all columns', { type: 'checkbox', title: 'All or none; with Shift a tick reaches to the one before' });
    all.onclick = () => {
      const changed = mine.rows.map((row, at) => at).filter(at => mine.rows[at].keep.checked !== all.checked);
      for (const at of changed) mine.rows[at].keep.checked = all.checked;
      send(changed.map(at => ({ at, what: 'keep', value: all.checked })));
      fade();
    };
    mine.all = all;
    for (const words of ['', '', 'name', 'type', 'examples', 'filled', 'sure']) {
      const heading = head.appendChild(document.createElement('th'));
      heading.textContent = words;
    }
    head.cells[0].append(all);
    const body = table.createTBody();
    mine.rows = data.rows.map((row, at) => made(body, at));
    mine.anchor = -1;
  };

  const show = () => {
    const waits = (at, what) => mine.pending.some(change => change.at === at && change.what === what);
    const active = root.getRootNode().activeElement;
    data.rows.forEach((row, at) => {
      const drawn = mine.rows[at];
      if (!waits(at, 'keep')) drawn.keep.checked = row.keep;
      if (!waits(at, 'name') && active !== drawn.name) drawn.name.value = row.name;
      if (!waits(at, 'type')) drawn.type.value = row.type;
      drawn.keep.ariaLabel = `Keep ${row.name}`;
      drawn.name.ariaLabel = `Name of ${row.name}`;
      drawn.type.ariaLabel = `Type of ${row.name}`;
      drawn.swatch.ariaLabel = `Show ${row.name} on the page`;
      drawn.swatch.style.background = row.color;
      drawn.examples.textContent = drawn.examples.title = row.examples;
      drawn.filled.textContent = percent(row.filled);
      drawn.sure.textContent = percent(row.sure);
    });
    const kept = mine.rows.filter(row => row.keep.checked).length;
    mine.all.checked = kept === mine.rows.length;
    mine.all.indeterminate = kept > 0 && kept < mine.rows.length;
    fade();
    mark();
  };

  mine.data = data;
  const same = mine.layout === data.layout;
  mine.pending = same ? mine.pending.filter(change => change.number > data.seen) : [];
  mine.layout = data.layout;
  mine.focus = data.focus;
  if (!same) build();
  show();
}
