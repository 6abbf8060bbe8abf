/** A plan as an SVG picture: a column for each stage, its actions in rows, gates in another colour. */
import type { Action, Plan, Stage } from "./plan.ts";

const size = { column: 220, gap: 36, row: 30, head: 44, margin: 24, title: 64 } as const;

export function planSvg(plan: Plan): string {
  const tallest = Math.max(...plan.stages.map(({ actions }) => actions.length));
  const width = plan.stages.length * (size.column + size.gap) - size.gap + 2 * size.margin;
  const height = size.title + size.head + tallest * size.row + 2 * size.margin;
  const { line, template, pipeline } = plan;
  const title = `${line.app} · ${line.branch} — ${template.name} ${template.version}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`,
    "<style>text{font:13px ui-sans-serif,system-ui,sans-serif;fill:#1f2933}.h{font-weight:600}.s{fill:#616e7c;font-size:11px}.b{fill:#f7f9fb;stroke:#9aa5b1}.p{stroke:#c2410c}.g{fill:#fff3e0}.a{fill:#fff}.l{stroke:#9aa5b1;fill:none}</style>",
    text(size.margin, size.margin + 16, "h", title),
    text(size.margin, size.margin + 36, "s", `${pipeline} in ${line.account} (${plan.region})`),
    ...plan.stages.map((stage, index) => column(stage, index)),
    "</svg>",
    "",
  ].join("\n");
}

function column(stage: Stage, index: number): string {
  const x = size.margin + index * (size.column + size.gap);
  const y = size.margin + size.title;
  const height = size.head + stage.actions.length * size.row + 6;
  const targets = stage.actions.flatMap((action) => ("target" in action ? [action.target] : []));
  const accounts = [...new Set(targets.map(({ account }) => account))];
  const guarded = targets.some((target) => target.protected);
  const middle = y + size.head / 2;
  return [
    ...(index === 0 ? [] : [`<path class="l" d="M${x - size.gap} ${middle}h${size.gap}"/>`]),
    `<rect class="b${guarded ? " p" : ""}" x="${x}" y="${y}" width="${size.column}" height="${height}" rx="6"/>`,
    text(x + 12, y + 18, "h", stage.name),
    text(
      x + 12,
      y + 34,
      "s",
      accounts.length > 1 ? `${accounts.length} accounts` : (accounts[0] ?? "the anchor"),
    ),
    ...stage.actions.map((action, row) => actionBox(action, x + 8, y + size.head + row * size.row)),
  ].join("\n");
}

function actionBox(action: Action, x: number, y: number): string {
  const kind = action.type === "approve" ? "g" : "a";
  return [
    `<rect class="b ${kind}" x="${x}" y="${y}" width="${size.column - 16}" height="${size.row - 6}" rx="4"><title>${escaped(action.type)}</title></rect>`,
    text(x + 8, y + 16, "", `${action.order}  ${action.name}`),
  ].join("\n");
}

const longest = 30;

const text = (x: number, y: number, kind: string, content: string): string => {
  const shown = kind === "h" || kind === "s" ? content : cut(content);
  return `<text${kind === "" ? "" : ` class="${kind}"`} x="${x}" y="${y}">${escaped(shown)}</text>`;
};

const cut = (content: string): string =>
  [...content].length > longest ? `${[...content].slice(0, longest - 1).join("")}…` : content;

const escaped = (content: string): string =>
  content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
