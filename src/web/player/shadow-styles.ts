// Where media-chrome's styles go. Its elements are written with `<style>` inside, which a page's Content-Security-Policy
// refuses unless it allows inline styles; the build (src/cli/build) makes them call this instead. Constructable style
// sheets are no inline styles (CSSOM, `adoptedStyleSheets`).

/** Fills a shadow root with markup of media-chrome's own, its styles as sheets. */
export function fillShadow(root: ShadowRoot, html: string): void {
  const template = document.createElement('template')
  template.innerHTML = html
  const sheets: CSSStyleSheet[] = []
  for (const style of template.content.querySelectorAll('style')) {
    if (style.hasAttribute('media')) {
      // A layout that is never asked for; media-chrome still looks for the element.
      const stub = document.createElement('template')
      stub.id = style.id
      style.replaceWith(stub)
      continue
    }
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(style.textContent ?? '')
    sheets.push(sheet)
    style.remove()
  }
  root.replaceChildren(template.content)
  root.adoptedStyleSheets = sheets
}

/** What `querySelectorAll('style')` was, for media-chrome to change rules in. */
export function sheetsOf(parent: ParentNode): readonly { readonly sheet: CSSStyleSheet }[] {
  return parent instanceof ShadowRoot ? parent.adoptedStyleSheets.map((sheet) => ({ sheet })) : []
}
