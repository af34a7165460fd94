"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
  const at = (id) => document.getElementById(id);

  // theme: what the system wants, until somebody chooses
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let chosen = null;
  try { chosen = localStorage.getItem("understudy-theme"); } catch { /* storage is off */ }
  const paint = () => { root.dataset.theme = chosen ?? (dark.matches ? "dark" : "light"); };
  paint();
  dark.addEventListener("change", paint);

  document.addEventListener("DOMContentLoaded", () => {
    at("theme").addEventListener("click", () => {
      chosen = root.dataset.theme === "dark" ? "light" : "dark";
      try { localStorage.setItem("understudy-theme", chosen); } catch { /* storage is off */ }
      paint();
    });

    // findings
    const findings = all(".finding[data-severity]");
    const filter = at("filter");
    const narrow = () => {
      const words = at("filter-text").value.toLowerCase().split(/\s+/).filter(Boolean);
      const severities = new Set(all("input[type=checkbox]:checked", filter).map((box) => box.value));
      const suite = at("filter-suite").value;
      const operation = at("filter-operation").value;
      let count = 0;
      for (const one of findings) {
        const fits = severities.has(one.dataset.severity)
          && (!suite || one.dataset.suite === suite)
          && (!operation || one.dataset.operation === operation)
          && words.every((word) => one.dataset.search.includes(word));
        one.hidden = !fits;
        count += fits ? 1 : 0;
      }
      at("filter-count").textContent = `${count} of ${findings.length} shown`;
      at("filter-none").hidden = count > 0;
    };
    if (filter) {
      filter.hidden = false;
      filter.addEventListener("input", narrow);
      narrow();
      const expand = at("expand");
      expand.addEventListener("click", () => {
        const open = expand.dataset.open !== "yes";
        for (const one of findings) one.open = open;
        expand.dataset.open = open ? "yes" : "no";
        expand.textContent = open ? "Collapse all" : "Expand all";
      });
    }

    // curl
    const copied = async (text) => {
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch {
        const area = document.createElement("textarea");
        area.value = text;
        document.body.append(area);
        area.select();
        const done = document.execCommand("copy");
        area.remove();
        return done;
      }
    };
    for (const button of all("button.copy")) {
      button.hidden = false;
      button.addEventListener("click", async () => {
        const done = await copied(button.parentElement.querySelector("pre").textContent);
        button.textContent = done ? "Copied" : "Select it";
        at("said").textContent = done ? "The command was copied" : "Copying is not allowed here";
        button.focus();
        setTimeout(() => { button.textContent = "Copy"; }, 1600);
      });
    }

    // statuses of one suite
    const suite = at("status-suite");
    if (suite) {
      suite.hidden = false;
      suite.addEventListener("change", () => {
        for (const cell of all(".cell[data-by-suite]")) {
          const counts = JSON.parse(cell.dataset.bySuite);
          const total = suite.value
            ? counts[suite.value] ?? 0
            : Object.values(counts).reduce((sum, count) => sum + count, 0);
          const kind = cell.dataset.kind === "undocumented" ? "undocumented" : total ? "seen" : "unseen";
          cell.textContent = total || "0";
          cell.className = `cell ${kind === "undocumented" && !total ? "hidden" : kind}`;
        }
      });
    }
  });

  addEventListener("beforeprint", () => {
    root.dataset.theme = "light";
    for (const one of all("details:not([open])")) { one.open = true; one.dataset.closed = "yes"; }
  });
  addEventListener("afterprint", () => {
    paint();
    for (const one of all("details[data-closed]")) { one.open = false; delete one.dataset.closed; }
  });
})();
