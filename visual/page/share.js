// What one takes home: pictures, the run directory, the run in one file; and how a stored run is read.
import { byId, element } from "./words.js";

export function save(name, text, kind) {
  const link = element("a", { href: URL.createObjectURL(new Blob([text], { type: kind })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// The picture as one SVG: the circle with its dots drawn in, the lines below.
export function picture(track, day) {
  const title = `Carousel, ${track.head.scenario}, seed ${track.head.seed}, ${track.head.dates[day]}`;
  const circle = byId("circle"), lines = byId("lines");
  const [, , width, height] = circle.getAttribute("viewBox").split(" ").map(Number);
  const [, , lineWidth, lineHeight] = lines.getAttribute("viewBox").split(" ").map(Number);
  const styles = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).map((rule) => rule.cssText).join("\n");
  const inner = (svg) => [...svg.childNodes].map((node) => new XMLSerializer().serializeToString(node)).join("");
  const whole = Math.max(width, lineWidth), dots = byId("dots").toDataURL("image/png");
  const escaped = title.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${whole} ${height + lineHeight + 30}" width="${whole}" height="${height + lineHeight + 30}"><style>${styles}</style><rect width="100%" height="100%" fill="#fff"/>${inner(circle)}<image href="${dots}" width="${width}" height="${height}"/><g transform="translate(0 ${height})">${inner(lines)}</g><text x="12" y="${height + lineHeight + 20}" class="small">${escaped}</text></svg>`;
}

export function savePng(svg, name) {
  const image = new Image();
  image.onload = () => {
    const canvas = element("canvas", { width: image.width * 2, height: image.height * 2 });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => save(name, blob, "image/png"));
  };
  image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
}

// A recipe as the end of a link, and behind it what of the run is shown: day, flow, tracing rule, the run compared with.
export function linkOf(recipe, view = {}) {
  const shown = Object.entries(view).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return [encodeURIComponent(JSON.stringify(recipe)), ...shown.map(([name, value]) => `${name}=${encodeURIComponent(value)}`)].join("&");
}

// What the link of this page holds: recipe and view, no recipe where it holds none, and what is wrong with it.
export function readLink() {
  const none = { day: null, flow: "", rule: 0, against: null };
  try {
    const [first, ...rest] = location.hash.slice(1).split("&");
    const said = Object.fromEntries(rest.map((part) => part.split("=").map(decodeURIComponent)));
    const whole = (text, most) => (/^\d{1,4}$/.test(text || "") && Number(text) <= most ? Number(text) : null);
    const view = { day: whole(said.day, 9999), flow: said.flow || "", rule: whole(said.rule, 2) || 0, against: said.against ? JSON.parse(said.against) : null };
    const recipe = first ? JSON.parse(decodeURIComponent(first)) : null;
    if (first && (recipe === null || typeof recipe !== "object" || Array.isArray(recipe))) return { recipe: null, view: none, fault: "it is no recipe" };
    return { recipe, view, fault: "" };
  } catch {
    return { recipe: null, view: none, fault: "it cannot be read" };
  }
}

export async function download(path, recipe, head, say) {
  say("The server simulates the run again and packs it …");
  try {
    const answer = await fetch(`/${path}`, { method: "POST", body: JSON.stringify(recipe) });
    if (!answer.ok) throw new Error((await answer.text()).trim());
    save(`${head.scenario}-seed${head.seed}-${path}`, await answer.blob(), "application/octet-stream");
    say("");
  } catch (fault) {
    say(`Nothing could be downloaded: ${fault.message}`);
  }
}

export async function storedRun(stored) {
  const bytes = Uint8Array.from(atob(stored.textContent.trim()), (sign) => sign.charCodeAt(0));
  return JSON.parse(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text());
}
