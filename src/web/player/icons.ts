// The player's icons: paths on a 24 × 24 grid, drawn with createElementNS so that no markup is parsed.

const SVG = 'http://www.w3.org/2000/svg'

const PATHS = {
  play: 'M7 4.5v15a.8.8 0 0 0 1.22.680l12-7.5a.8.8 0 0 0 0-1.36l-12-7.5A.8.8 0 0 0 7 4.5Z',
  pause: 'M6.5 4.5h3.5v15H6.5zM14 4.5h3.5v15H14z',
  replay: 'M12 5V1.8L6.8 6 12 10.2V7a5.5 5.5 0 1 1-5.5 5.5H4.5A7.5 7.5 0 1 0 12 5Z',
  volumeHigh:
    'M3 9.2v5.6h3.8L12 19.5v-15L6.8 9.2zM14 8.3v7.4a4 4 0 0 0 0-7.4ZM14 4.2v2a6.2 6.2 0 0 1 0 11.6v2a8.1 8.1 0 0 0 0-15.6Z',
  volumeLow: 'M5 9.2v5.6h3.8L14 19.5v-15L8.8 9.2zM16 8.3v7.4a4 4 0 0 0 0-7.4Z',
  muted:
    'M3 9.2v5.6h3.8L12 19.5v-15L6.8 9.2zM15.2 8.6l-1.3 1.3 2.1 2.1-2.1 2.1 1.3 1.3 2.1-2.1 2.1 2.1 1.3-1.3-2.1-2.1 2.1-2.1-1.3-1.3-2.1 2.1z',
  speech:
    'M4.5 4h15A1.5 1.5 0 0 1 21 5.5v10a1.5 1.5 0 0 1-1.5 1.5H13l-4.6 3.7c-.4.3-.9 0-.9-.5V17h-3A1.5 1.5 0 0 1 3 15.5v-10A1.5 1.5 0 0 1 4.5 4ZM6 8v1.8h7V8zm9 0v1.8h3V8zm-9 3.5v1.8h3v-1.8zm5 0v1.8h7v-1.8z',
  settings:
    'M3 6.1h8.3a3 3 0 0 1 5.6 0H21v1.8h-4.1a3 3 0 0 1-5.6 0H3zM3 16.1h4.1a3 3 0 0 1 5.6 0H21v1.8h-8.3a3 3 0 0 1-5.6 0H3z',
  pictureInPicture:
    'M3.5 4h17A1.5 1.5 0 0 1 22 5.5v6h-2V6H4v12h6v2H3.5A1.5 1.5 0 0 1 2 18.5v-13A1.5 1.5 0 0 1 3.5 4ZM13 13.5h8a1 1 0 0 1 1 1V19a1 1 0 0 1-1 1h-8a1 1 0 0 1-1-1v-4.5a1 1 0 0 1 1-1Z',
  fullscreen: 'M4 4h6v2H6v4H4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z',
  leaveFullscreen: 'M8 4h2v6H4V8h4zM14 4h2v4h4v2h-6zM4 14h6v6H8v-4H4zM14 14h6v2h-4v4h-2z',
  help: 'M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19ZM11 16.2h2v2h-2zM12 5.8c2.3 0 4 1.4 4 3.5 0 1.6-.9 2.4-1.8 3.2-.8.7-1.2 1.1-1.2 2.3h-2c0-2.1 1-3 1.9-3.8.7-.6 1.1-1 1.1-1.7 0-1-.8-1.6-2-1.6s-2 .7-2 1.9H8c0-2.3 1.7-3.8 4-3.8Z',
  check: 'm9.5 17.6-5.3-5.3 1.4-1.4 3.9 3.9 8.9-8.9 1.4 1.4z',
  close: 'm6.4 5 5.6 5.6L17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4z',
} as const

export type IconName = keyof typeof PATHS

/** One icon in the colour of the text around it; silent, because the button next to it has the words. */
export function drawIcon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  svg.setAttribute('focusable', 'false')
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', PATHS[name])
  path.setAttribute('fill', 'currentColor')
  path.setAttribute('fill-rule', 'evenodd')
  svg.append(path)
  return svg
}
