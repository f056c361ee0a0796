// The frame that shows a film on another site: docs/embedding.md.

/** HTML to paste; the film's name is escaped, as it is somebody's words. */
export function embedCode(url: string, name: string): string {
  return [
    `<iframe src="${escape(url)}" title="${escape(name)}"`,
    '  style="border:0;width:100%;aspect-ratio:16/9"',
    '  allow="autoplay; fullscreen; picture-in-picture" allowfullscreen',
    '  referrerpolicy="strict-origin-when-cross-origin" loading="lazy"></iframe>',
  ].join('\n')
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' }

function escape(text: string): string {
  return text.replace(/[&"<>]/g, (character) => ENTITIES[character] ?? '')
}
