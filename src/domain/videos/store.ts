// A video as its owner sees it, and what the verbs about it ask of the database.
import type { ObjectKey } from '../../core/storage/object-key.ts'
import type { PlaybackMode } from '../../core/playback-mode.ts'
import type { Principal, UserId } from '../../core/auth/principal.ts'
import type { VideoPlace, VideoSort } from '../../core/videos/sort.ts'
import type { VideoStatus } from '../../core/videos/status.ts'

export interface Video {
  readonly jobId: string
  readonly userId: UserId
  readonly name: string
  readonly description: string
  readonly status: VideoStatus
  readonly playback: PlaybackMode
  /** Undefined: it is in none. */
  readonly projectId: string | undefined
  /** Undefined until a client sets it. */
  readonly durationSeconds: number | undefined
  readonly fileSizeBytes: number | undefined
  readonly storagePath: ObjectKey
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

export interface NewVideo {
  readonly jobId: string
  readonly userId: UserId
  /** Null: the owner themselves. */
  readonly madeBy: UserId | null
  readonly name: string
  readonly durationSeconds: number | undefined
  readonly fileSizeBytes: number
  readonly playback: PlaybackMode
  /** In none when it is not, or no longer, a project of the user. */
  readonly projectId: string | undefined
  readonly storagePath: ObjectKey
  readonly createdAtMs: number
}

export interface VideoChange {
  readonly name: string | undefined
  readonly description: string | undefined
  readonly status: VideoStatus | undefined
  /** Null: unknown again. */
  readonly durationSeconds: number | null | undefined
  readonly playback: PlaybackMode | undefined
  /** Null: in none. */
  readonly projectId: string | null | undefined
}

/** Why a video asked for by id is not the caller's: there is no such video, or it is another user's. */
export type NotOwn = 'missing' | 'foreign'

/** Why a video is not to be deleted: another member of the workspace made it, too. */
export type NotDeletable = NotOwn | 'made_by_other'

/** Every method is one round trip, and one statement decides. */
export interface VideoStore {
  /** Makes the video unless its path or its id is taken; then says by whom, or under which id it is already there. */
  register(video: NewVideo): Promise<{ readonly jobId: string; readonly isNew: boolean } | 'foreign'>
  /** In the order of `sort`, strictly after the place. */
  list(
    userId: UserId,
    page: {
      readonly status: VideoStatus | undefined
      readonly projectId: string | undefined
      /** Only those whose name or description holds it. */
      readonly text: string | undefined
      readonly sort: VideoSort
      readonly after: VideoPlace | undefined
      readonly limit: number
    },
  ): Promise<readonly Video[]>
  find(jobId: string): Promise<Video | undefined>
  /** `refused`: the video is own and its status may not step there. Whatever is a word, it is unchanged. */
  change(
    actor: Principal,
    jobId: string,
    change: VideoChange,
    nowMs: number,
  ): Promise<Video | NotOwn | 'refused' | 'missing_project' | 'foreign_project'>
  /** Ends playback and removes the shared reports, before the objects go; the storage path of what is to go. */
  close(actor: Principal, jobId: string, nowMs: number): Promise<{ readonly storagePath: ObjectKey } | NotDeletable>
  /** Removes the record and its shared reports. */
  remove(actor: Principal, jobId: string, nowMs: number): Promise<'removed' | NotDeletable>
  /** Of all that are own; says of each that is not why. */
  setPlayback(
    actor: Principal,
    jobIds: readonly string[],
    playback: PlaybackMode,
    nowMs: number,
  ): Promise<ReadonlyMap<string, NotOwn>>
  removeMany(actor: Principal, jobIds: readonly string[], nowMs: number): Promise<ReadonlyMap<string, NotDeletable>>
  /** Its film is another object from now on. `taken`: that object is another video. */
  replaceSource(
    userId: UserId,
    jobId: string,
    source: {
      readonly storagePath: ObjectKey
      readonly fileSizeBytes: number
      /** Undefined: unknown. */
      readonly durationSeconds: number | undefined
    },
    nowMs: number,
  ): Promise<Video | NotOwn | 'taken'>
}
