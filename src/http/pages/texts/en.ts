// The pages in English.
import type { Texts } from './texts.ts'

export const en: Texts = {
  home: {
    title: 'Private films, in every player.',
    text: 'lynxgate is the edge gate for video APIs: it checks who asks, signs every address in a playlist, and keeps the signatures valid until the film is over.',
    reference: 'API reference',
    health: 'Health',
    demo: {
      title: 'Watch the demo film',
      text: 'Three qualities, two languages, subtitles and previews, out of a private bucket.',
    },
    branded: 'Films are shown here to everyone who has a link to them.',
  },
  toStart: 'To the start page',
  notFound: {
    title: 'There is nothing here',
    text: 'The link is wrong, or what it led to is no longer there. Links are case-sensitive and long: was it cut?',
  },
  noFilm: { title: 'This film is not available', text: 'It was removed or switched off, or the link is wrong.' },
  refused: 'This film cannot be shown to you here',
  refusals: {
    token_required: 'It is private. Open it with the link that its owner gave you.',
    token_invalid: 'It is private, and this link does not open it. Ask its owner for a new one.',
    token_expired: 'This link has expired. Ask for a new one.',
    token_not_yet_valid: 'This link does not work yet. Try again later.',
    token_used: 'This link was already used as often as it may be. Ask for a new one.',
    country: 'Its owner does not show it in your country.',
    network: 'Its owner does not show it in your network.',
    page: 'Its owner does not allow it on this page.',
    too_many_streams: 'Too many of your devices are playing at once. Stop one of them first.',
    session_invalid: 'Playback has to be started again. Reload the page.',
    session_ended: 'Playback has ended. Reload the page to start it again.',
    quality: 'Its owner does not show it in this quality.',
  },
  problem: { title: 'This did not work', text: 'The problem is on our side. Please try again in a minute.' },
  player: {
    label: 'Video player',
    preparing: 'This film is still being prepared. It starts here by itself when it is ready.',
    failed: 'Preparing this film failed.',
    failedOriginal: 'Preparing this film failed: this is the file as it was uploaded.',
    unplayable: 'This film cannot be played in a browser.',
    download: 'Download the original',
    noScript: 'Quality, languages and previews need JavaScript. Without it, your browser plays the film if it can.',
    openOriginal: 'Open the original file',
  },
  share: {
    off: 'The owner has ended the playback of this film.',
    privateOff: 'This film is private and cannot be shown here.',
    length: 'Length',
    shared: 'Shared',
    report: 'Report',
    unreadable: 'The report of this film cannot be shown.',
    table: 'Table',
    goTo: (moment) => `Go to ${moment}`,
    more: (count) => `… and ${count} more`,
  },
}
