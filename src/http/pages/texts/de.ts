// The pages in German.
import type { Texts } from './texts.ts'

export const de: Texts = {
  home: {
    title: 'Private Filme in jedem Player.',
    text: 'lynxgate ist das Edge-Gateway für Video-APIs: Es prüft, wer fragt, signiert jede Adresse einer Playlist und hält die Signaturen gültig, bis der Film zu Ende ist.',
    reference: 'API-Referenz',
    health: 'Zustand',
    demo: {
      title: 'Den Demofilm ansehen',
      text: 'Drei Qualitäten, zwei Sprachen, Untertitel und Vorschaubilder aus einem privaten Bucket.',
    },
    branded: 'Hier werden Filme allen gezeigt, die einen Link dazu haben.',
  },
  toStart: 'Zur Startseite',
  notFound: {
    title: 'Hier ist nichts',
    text: 'Der Link ist falsch, oder sein Ziel gibt es nicht mehr. Links sind lang und unterscheiden Groß- und Kleinschreibung: Wurde er abgeschnitten?',
  },
  noFilm: {
    title: 'Dieser Film ist nicht verfügbar',
    text: 'Er wurde entfernt oder abgeschaltet, oder der Link ist falsch.',
  },
  refused: 'Dieser Film kann Ihnen hier nicht gezeigt werden',
  refusals: {
    token_required: 'Er ist privat. Öffnen Sie ihn mit dem Link, den Sie bekommen haben.',
    token_invalid: 'Er ist privat, und dieser Link öffnet ihn nicht. Bitten Sie um einen neuen.',
    token_expired: 'Dieser Link ist abgelaufen. Bitten Sie um einen neuen.',
    token_not_yet_valid: 'Dieser Link gilt noch nicht. Versuchen Sie es später.',
    token_used: 'Dieser Link wurde schon so oft benutzt, wie er darf. Bitten Sie um einen neuen.',
    country: 'In Ihrem Land wird er nicht gezeigt.',
    network: 'In Ihrem Netz wird er nicht gezeigt.',
    page: 'Auf dieser Seite darf er nicht gezeigt werden.',
    too_many_streams: 'Zu viele Ihrer Geräte spielen gleichzeitig ab. Beenden Sie zuerst eines.',
    session_invalid: 'Die Wiedergabe muss neu begonnen werden. Laden Sie die Seite neu.',
    session_ended: 'Die Wiedergabe ist beendet. Laden Sie die Seite neu, um wieder zu beginnen.',
    quality: 'In dieser Qualität wird er nicht gezeigt.',
  },
  problem: {
    title: 'Das hat nicht geklappt',
    text: 'Der Fehler liegt bei uns. Bitte versuchen Sie es in einer Minute noch einmal.',
  },
  player: {
    label: 'Videoplayer',
    preparing: 'Dieser Film wird noch vorbereitet. Er startet hier von selbst, sobald er fertig ist.',
    failed: 'Die Vorbereitung dieses Films ist fehlgeschlagen.',
    failedOriginal: 'Die Vorbereitung ist fehlgeschlagen: Dies ist die Datei, wie sie hochgeladen wurde.',
    unplayable: 'Dieser Film kann im Browser nicht abgespielt werden.',
    download: 'Original herunterladen',
    noScript:
      'Qualität, Sprachen und Vorschaubilder brauchen JavaScript. Ohne JavaScript spielt Ihr Browser den Film, wenn er kann.',
    openOriginal: 'Originaldatei öffnen',
  },
  share: {
    off: 'Die Wiedergabe dieses Films wurde beendet.',
    privateOff: 'Dieser Film ist privat und kann hier nicht gezeigt werden.',
    length: 'Länge',
    shared: 'Geteilt',
    report: 'Bericht',
    unreadable: 'Der Bericht zu diesem Film kann nicht angezeigt werden.',
    table: 'Tabelle',
    goTo: (moment) => `Zu ${moment} springen`,
    more: (count) => `… und ${count} weitere`,
  },
}
