// What is known of one film on its way: the whole state that a page shows. Values only; a new one for every change.

/** What a film cannot do in this browser, or what becomes otherwise than the file has it. Texts are the page's. */
export type Notice =
  /** Segments begin at key frames, and these lie further apart than players like. */
  | { readonly code: 'sparse_key_frames'; readonly seconds: number }
  /** One quality only: this browser cannot decode the film, cannot encode H.264, or the film is HDR. */
  | { readonly code: 'one_quality'; readonly reason: 'no_decoder' | 'no_encoder' | 'hdr' }
  /** No poster and no storyboard: this browser cannot decode the film. */
  | { readonly code: 'no_stills' }
  | { readonly code: 'audio_left_out'; readonly track: string; readonly codec: string }
  /** Encoded anew, because players cannot play what the file has. */
  | { readonly code: 'audio_encoded'; readonly track: string; readonly from: string; readonly to: 'aac' | 'opus' }
  /** Carried, and played by some devices only. */
  | { readonly code: 'rare_audio'; readonly track: string; readonly codec: string }
  | { readonly code: 'subtitles_left_out'; readonly name: string }
  /** This very film was uploaded before: nothing is sent. */
  | { readonly code: 'uploaded_before' }
  /** The service keeps no original of this kind of file. */
  | { readonly code: 'no_original' }

/** Why this browser makes no stream of the file: upload the original only, or run the command. */
export type Refusal =
  | 'not_a_film'
  | 'no_picture'
  | 'unknown_codec'
  | 'no_webcodecs'
  /** One of its segments would not fit into memory. */
  | 'segment_too_large'

export type Stage =
  /** Another film is before it. */
  | 'waiting'
  /** Looks what is in the file, and whether it was begun before. */
  | 'reading'
  /** Makes segments and sends them. */
  | 'packaging'
  /** Plays already; lower qualities are made and sent. */
  | 'encoding'
  /** All is made; what is left is being sent. */
  | 'sending'
  | 'done'
  | 'paused'
  /** `problem` says why; `resume` tries again. */
  | 'failed'
  /** `refusal` says why; `uploadOriginal` sends the file as it is, `command` makes the stream elsewhere. */
  | 'refused'

export interface FilmUpload {
  /** In this list; a film that is dropped again has a new one. */
  readonly id: string
  readonly fileName: string
  readonly fileBytes: number
  /** Of the video; undefined until its file has been looked at. */
  readonly jobId: string | undefined
  readonly stage: Stage
  /** The watch page shows it. */
  readonly isPlayable: boolean
  /** Whether it goes on with what an earlier page began. */
  readonly isContinued: boolean
  /** Of the work of this stage, 0 to 1. */
  readonly packaged: number
  /** Of the stream and of the original, stored or on their way. */
  readonly sentBytes: number
  /** What `sentBytes` will be; an estimate until everything is made. */
  readonly totalBytes: number
  /** Over the last seconds; undefined while nothing is sent. */
  readonly bytesPerSecond: number | undefined
  readonly secondsLeft: number | undefined
  readonly notices: readonly Notice[]
  readonly refusal: Refusal | undefined
  readonly problem: string | undefined
  /** What makes this film's stream on a computer with ffmpeg. */
  readonly command: string
}
