// The names under which a message to the engine names a video, in JSON and in forms alike. Pure.
import { memberLetters } from './member-letters.ts'

export const VIDEO_MEMBERS = ['video_id', 'template_video_id'] as const

export type VideoMember = (typeof VIDEO_MEMBERS)[number]

/** The member that this name is; `misspelt` for a name that has the letters of one, and may be it to the engine. */
export function videoMember(name: string): VideoMember | 'misspelt' | undefined {
  const letters = memberLetters(name)
  const member = VIDEO_MEMBERS.find((known) => memberLetters(known) === letters)
  return member === undefined || member === name ? member : 'misspelt'
}
