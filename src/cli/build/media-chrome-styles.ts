// media-chrome without inline styles: an esbuild plugin that puts the calls of src/web/player/shadow-styles.ts where its
// elements write `<style>`. Its version is pinned; a release that writes them in another way fails the build.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'esbuild'

const HELPER = fileURLToPath(new URL('../../web/player/shadow-styles.ts', import.meta.url))

export const mediaChromeStyles: Plugin = {
  name: 'media-chrome styles',
  setup(build) {
    build.onLoad({ filter: /\/media-chrome\/dist\/.*\.js$/ }, async ({ path }) => {
      const contents = withoutInlineStyles(await readFile(path, 'utf8'))
      return { contents, loader: 'js' }
    })
  },
}

/** Throws for a module that writes a shadow root or looks for its styles in a way that is not known here. */
export function withoutInlineStyles(source: string): string {
  const changed = source
    .replace(
      /this\.shadowRoot\.setHTMLUnsafe \? this\.shadowRoot\.setHTMLUnsafe\(html\) : this\.shadowRoot\.innerHTML = html;/g,
      'fillShadow(this.shadowRoot, html);',
    )
    .replace(/this\.shadowRoot\.innerHTML = ([^;]+);/g, 'fillShadow(this.shadowRoot, $1);')
    // What indents its markup and styles would be sent to every viewer.
    .replace(/\n[ \t]+/g, '\n')
    .replaceAll('styleParent.querySelectorAll("style:not([media])")', 'sheetsOf(styleParent)')
  if (/shadowRoot\.innerHTML\s*=|setHTMLUnsafe|querySelector(All)?\("style/.test(changed)) {
    throw new Error('media-chrome writes its styles in a new way: src/cli/build/media-chrome-styles.ts must learn it')
  }
  return changed === source ? source : `import { fillShadow, sheetsOf } from ${JSON.stringify(HELPER)};\n${changed}`
}
