// The elements of media-chrome that the player is made of, and their words in our languages. What is not imported here is
// not in the bundle.
import 'media-chrome/media-airplay-button.js'
import 'media-chrome/media-captions-button.js'
import 'media-chrome/media-cast-button.js'
import 'media-chrome/media-control-bar.js'
import 'media-chrome/media-controller.js'
import 'media-chrome/media-fullscreen-button.js'
import 'media-chrome/media-mute-button.js'
import 'media-chrome/media-pip-button.js'
import 'media-chrome/media-play-button.js'
import 'media-chrome/media-preview-chapter-display.js'
import 'media-chrome/media-preview-thumbnail.js'
import 'media-chrome/media-preview-time-display.js'
import 'media-chrome/media-time-display.js'
import 'media-chrome/media-time-range.js'
import 'media-chrome/media-volume-range.js'
import 'media-chrome/menu/media-audio-track-menu.js'
import 'media-chrome/menu/media-captions-menu.js'
import 'media-chrome/menu/media-chrome-menu.js'
import 'media-chrome/menu/media-playback-rate-menu.js'
import 'media-chrome/menu/media-settings-menu.js'
import 'media-chrome/menu/media-settings-menu-button.js'
import 'media-chrome/menu/media-settings-menu-item.js'
import 'media-chrome/lang/de.js'
import 'media-chrome/lang/es.js'
import 'media-chrome/lang/fr.js'
import { MediaRenditionMenu } from 'media-chrome/menu/media-rendition-menu.js'

type Arguments = Parameters<typeof MediaRenditionMenu.formatRendition>

/** Names a quality as people know it: `1080p`, `1080p60`; by its bit rate when its size is unknown. */
class RenditionMenu extends MediaRenditionMenu {
  static override formatRendition(rendition: Arguments[0], options?: Arguments[1]): string {
    const { height = 0, bitrate = 0, frameRate = 0 } = rendition
    if (height === 0) return `${Math.round(bitrate / 1000)} kbit/s`
    const text = super.formatRendition(rendition, options)
    return frameRate > 31 ? text.replace('p', `p${Math.round(frameRate)}`) : text
  }
}
if (!customElements.get('lynx-rendition-menu')) customElements.define('lynx-rendition-menu', RenditionMenu)
