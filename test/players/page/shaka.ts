// Shaka Player, as the tests ask it.
import shaka from 'shaka-player'
import { AHEAD_SECONDS, nativeWords, type MakePlayer } from './player.ts'

export const makeShaka: MakePlayer = (video, complain) => {
  shaka.polyfill.installAll()
  const player = new shaka.Player()
  player.addEventListener('error', (event) => {
    const { code, category, data } = (event as unknown as { detail: shaka.util.Error }).detail
    complain(`error ${code} of category ${category}: ${JSON.stringify(data)}`)
  })
  return {
    async load(url) {
      await player.attach(video)
      player.configure({ streaming: { bufferingGoal: AHEAD_SECONDS } })
      try {
        // No type is given: Shaka asks the server with HEAD for what has no telling extension.
        await player.load(url)
      } catch (error) {
        const { code, category, data } = error as shaka.util.Error
        complain(`load ${code} of category ${category}: ${JSON.stringify(data)}`)
      }
    },
    qualities: () => player.getVideoTracks().map((track) => track.height ?? 0),
    chooseQuality(height) {
      player.configure({ abr: { enabled: false } })
      const track = player.getVideoTracks().find((candidate) => candidate.height === height)
      if (track !== undefined) player.selectVideoTrack(track, true)
    },
    languages: () => player.getAudioTracks().map((track) => track.language),
    hear(language) {
      const track = player.getAudioTracks().find((candidate) => candidate.language === language)
      if (track !== undefined) player.selectAudioTrack(track)
    },
    subtitles: () => player.getTextTracks().map((track) => track.language),
    read(language) {
      player.selectTextTrack(player.getTextTracks().find((track) => track.language === language) ?? null)
    },
    words: () => nativeWords(video),
    async preview(storyboardUrl, seconds) {
      const track = await player.addThumbnailsTrack(storyboardUrl)
      const thumbnail = await player.getThumbnails(track.id, seconds)
      return {
        pictureUrl: thumbnail?.uris[0] ?? '',
        left: thumbnail?.positionX ?? NaN,
        width: thumbnail?.width ?? NaN,
      }
    },
    async destroy() {
      await player.destroy()
    },
  }
}
