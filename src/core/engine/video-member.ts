// The names under which a message to the engine names a video, in JSON and in forms alike. Pure.

export const VIDEO_MEMBERS = ['video_id', 'template_video_id'] as const

export type VideoMember = (typeof VIDEO_MEMBERS)[number]

/**
 * The member that this name is; `misspelt` for another spelling of one. Decoders match names without case (Go's
 * encoding/json), by their words (`videoId`), without accents or by what stands before a bracket, so a name that is
 * equal to a member in its letters alone may be that member to the engine.
 */
export function videoMember(name: string): VideoMember | 'misspelt' | undefined {
  const folded = fold(name)
  const member = VIDEO_MEMBERS.find((known) => fold(known) === folded)
  return member === undefined || member === name ? member : 'misspelt'
}

/** Upper case first: it makes plain letters of a dotless i and a long s. */
function fold(name: string): string {
  const plain = name.normalize('NFKD').toUpperCase().toLowerCase()
  return plain.replace(/[^a-z0-9]/g, '')
}
