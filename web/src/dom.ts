// Elements from data. Text goes in as text alone; nothing here or elsewhere turns a string into markup.

type Child = Node | string | number | null | undefined | false;
type Listener = (event: any) => void;

interface Properties {
  class?: string;
  text?: string | number;
  on?: Record<string, Listener>;
  data?: Record<string, string | number>;
  [name: string]: unknown;
}

const SVG = "http://www.w3.org/2000/svg";

function fill(element: Element, properties: Properties, children: Child[]): void {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "text") element.textContent = readable(String(value));
    else if (name === "on") {
      for (const [event, listener] of Object.entries(value as Record<string, Listener>)) element.addEventListener(event, listener);
    } else if (name === "data") {
      for (const [key, datum] of Object.entries(value as Record<string, string | number>)) element.setAttribute(`data-${key}`, String(datum));
    } else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : readable(String(child)));
  }
}

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, properties: Properties = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  fill(element, properties, children);
  return element;
}

export function svg<K extends keyof SVGElementTagNameMap>(tag: K, properties: Properties = {}, ...children: Child[]): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  fill(element, properties, children);
  return element;
}

/** Control characters show as blanks; direction marks stay inside of their element (`unicode-bidi: isolate`). */
export function readable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]/g, " ");
}

/** The start of a text on one line. */
export function shorten(text: string, limit: number): string {
  const line = readable(text.length > 4 * limit ? text.slice(0, 4 * limit) : text).replace(/\s+/g, " ").trim();
  const letters = Array.from(line);
  return letters.length > limit || text.length > 4 * limit ? `${letters.slice(0, limit - 1).join("").trimEnd()}…` : line;
}

export function clear(element: Element): void {
  element.replaceChildren();
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** A link only if the address is one of the web; else its text. */
export function webLink(address: string, text: string): HTMLElement {
  let url: URL | null = null;
  try {
    url = new URL(address);
  } catch {
    // No address.
  }
  if (url === null || !["http:", "https:"].includes(url.protocol)) return h("span", { text });
  return h("a", { href: url.href, target: "_blank", rel: "noopener noreferrer nofollow", text });
}

/** A list that shows its first items, and the rest on demand. */
export function longList<T>(parent: Element, items: readonly T[], first: number, make: (item: T) => Node): void {
  let shown = 0;
  const more = h("button", { class: "more", type: "button" });
  const show = (count: number) => {
    more.remove();
    for (const item of items.slice(shown, shown + count)) parent.append(make(item));
    shown = Math.min(items.length, shown + count);
    if (shown < items.length) {
      more.textContent = `Show more (${(items.length - shown).toLocaleString("en")})`;
      parent.append(more);
    }
  };
  more.addEventListener("click", () => show(Math.max(50, first)));
  show(first);
}

export function download(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const anchor = h("a", { href: address, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
