// A scenario as tables: whatever number is typed over is a change that `--set` says too.
import { byId, capital, element } from "./words.js";

const spoken = (name) => capital((name || "run").replaceAll("_", " "));

export class Tables {
  constructor(onRun) {
    this.changed = new Map();
    byId("tables-kind").addEventListener("change", () => this.draw());
    byId("tables-run").addEventListener("click", () => onRun(this.changed));
  }

  show(tables) {
    const select = byId("tables-kind"), before = select.value;
    this.tables = tables;
    this.changed.clear();
    select.replaceChildren(...tables.map((table) => element("option", { value: table.kind }, spoken(table.kind))));
    if (tables.some((table) => table.kind === before)) select.value = before;
    this.draw();
  }

  draw() {
    if (!this.tables) return;
    const table = this.tables.find((each) => each.kind === byId("tables-kind").value) || this.tables[0];
    const names = table.paths.map((path) => path.slice(table.kind.length + 1));
    const head = names.some(Boolean) ? [element("tr", {}, element("td"), ...names.map((name) => element("th", { scope: "col" }, name)))] : [];
    const rows = table.rows.map(([field, ...cells]) => element("tr", {}, element("th", { scope: "row" }, spoken(field)), ...cells.map((cell, n) => this.cell([table.paths[n], field].filter(Boolean).join("."), cell))));
    byId("tables").replaceChildren(element("table", {}, ...head, ...rows));
    byId("tables-run").disabled = !this.changed.size;
  }

  cell(path, value) {
    if (value === null) return element("td");
    const input = element("input", { type: "text", inputmode: "decimal", value: this.changed.get(path) ?? value, "aria-label": path, maxlength: 40 });
    input.addEventListener("input", () => {
      const typed = input.value.trim();
      if (typed === value) this.changed.delete(path);
      else this.changed.set(path, typed);
      input.classList.toggle("changed", typed !== value);
      byId("tables-run").disabled = !this.changed.size;
    });
    input.classList.toggle("changed", this.changed.has(path));
    return element("td", {}, input);
  }
}
