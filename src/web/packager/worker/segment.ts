// One fragmented MP4 segment, written by the library into memory, with what a playlist says of it.
import { BufferTarget, CmafOutputFormat, Output } from 'mediabunny'
import { placeFragment, readFragment } from '../../../core/packaging/fragment.ts'
import { readInitSegment } from '../../../core/packaging/init-segment.ts'

export interface MadeSegment {
  readonly init: ArrayBuffer
  readonly data: ArrayBuffer
  /** On the stream's clock. */
  readonly startSeconds: number
  readonly seconds: number
  readonly firstFrameEnd: number
}

export interface OpenSegment {
  /** Undefined when nothing was put in. */
  finish(): Promise<MadeSegment | undefined>
}

/** The `number`th segment of its rendition, from 0. `addTrack` adds the one track it has. */
export async function openSegment(number: number, addTrack: (output: Output) => void): Promise<OpenSegment> {
  const [target, initTarget] = [new BufferTarget(), new BufferTarget()]
  const output = new Output({ format: new CmafOutputFormat(), target, initTarget })
  addTrack(output)
  await output.start()
  return {
    async finish() {
      await output.finalize()
      const [data, init] = [target.buffer, initTarget.buffer]
      if (data === null || init === null) return undefined
      const bytes = new Uint8Array(data)
      const fragment = readFragment(bytes)
      const timescale = readInitSegment(new Uint8Array(init))?.timescale
      if (fragment === undefined || timescale === undefined) return undefined
      // Each was made as if it were the first.
      for (const edit of placeFragment(fragment, number, fragment.decodeTime)) bytes.set(edit.bytes, edit.at)
      return {
        init,
        data,
        startSeconds: fragment.decodeTime / timescale,
        seconds: fragment.duration / timescale,
        firstFrameEnd: fragment.firstSampleEnd,
      }
    },
  }
}
