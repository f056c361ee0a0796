// The player's elements around the video: media-chrome's, and the few that it has not. Decides nothing.
import { MediaController } from 'media-chrome/media-controller.js'
import './media-chrome.ts'
import { element } from './element.ts'
import type { Texts } from './texts/en.ts'

export interface Stage {
  /** media-chrome's controller: full screen, what fades, where its events are heard. */
  readonly controller: HTMLElement
  readonly timeRange: HTMLElement
  readonly bigPlay: HTMLButtonElement
}

/** Puts a controller where `video` is and the video into it, with `layers` above the picture and `menu` above the bar. */
export function buildStage(
  root: HTMLElement,
  video: HTMLVideoElement,
  parts: { readonly layers: readonly HTMLElement[]; readonly menu: HTMLElement; readonly language: string },
  texts: Texts,
): Stage {
  const bigPlay = element('button', { type: 'button', class: 'big-play', slot: 'centered-chrome' })
  bigPlay.setAttribute('aria-label', texts.playFilm)
  const timeRange = element('media-time-range', { class: 'seek' })
  const captions = element('media-captions-button')
  const bar = element(
    'media-control-bar',
    { class: 'bar' },
    element('media-play-button'),
    element('media-mute-button'),
    element('media-volume-range'),
    element('media-time-display', { showduration: '', notoggle: '' }),
    element('span', { class: 'spacer' }),
    captions,
    element('media-settings-menu-button'),
    element('media-airplay-button'),
    element('media-cast-button'),
    element('media-pip-button', { class: 'where-wide' }),
    element('media-fullscreen-button'),
  )
  const controls = element('div', { class: 'controls' }, timeRange, bar)
  const controller = element('media-controller', {
    class: 'stage',
    lang: parts.language,
    autohide: '3',
    tabindex: '-1',
    nohotkeys: '',
    novolumepref: '',
    nomutedpref: '',
    nosubtitleslangpref: '',
  })
  video.slot = 'media'
  video.replaceWith(controller)
  for (const layer of parts.layers) {
    layer.slot = 'top-chrome'
    layer.setAttribute('noautohide', '')
  }
  controller.append(video, ...parts.layers, bigPlay, parts.menu, controls)
  // It says whether it is on, as only a switch can.
  captions.setAttribute('role', 'switch')
  // With what is said on the picture.
  if (controller instanceof MediaController) controller.fullscreenElement = root
  // The player's own element is the landmark.
  controller.setAttribute('role', 'group')
  controller.removeAttribute('aria-label')
  return { controller, timeRange, bigPlay }
}
