// Makes DOM nodes from names, attributes and text. Never parses HTML, never sets a style attribute (the CSP forbids it).

type Attributes = Readonly<Record<string, string>>

/** One element; `attributes` as written in HTML, `''` for a bare one. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes?: Attributes,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag]
export function element(tag: string, attributes?: Attributes, ...children: readonly (Node | string)[]): HTMLElement
export function element(
  tag: string,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElement {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children)
  return made
}
