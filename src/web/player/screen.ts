// Full screen and picture in picture, by the standard and by the names that iPhones know.

/** What iOS has instead of the Fullscreen API: for the video alone. */
interface WebkitVideo extends HTMLVideoElement {
  webkitEnterFullscreen?: () => void
}

/** False where neither the page nor the video can fill the screen. */
export function canFullscreen(root: HTMLElement, video: WebkitVideo): boolean {
  return (document.fullscreenEnabled && 'requestFullscreen' in root) || 'webkitEnterFullscreen' in video
}

/** The whole player where possible, so that our controls and subtitles come along. */
export async function toggleFullscreen(root: HTMLElement, video: WebkitVideo): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen()
  else if (document.fullscreenEnabled) await root.requestFullscreen()
  else video.webkitEnterFullscreen?.()
}

export function canPictureInPicture(video: HTMLVideoElement): boolean {
  return document.pictureInPictureEnabled && 'requestPictureInPicture' in video
}

/** Refused by the browser before the film is loaded. */
export async function togglePictureInPicture(video: HTMLVideoElement): Promise<void> {
  if (document.pictureInPictureElement) await document.exitPictureInPicture()
  else await video.requestPictureInPicture()
}
