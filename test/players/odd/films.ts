// Odd films and what must become of each. Each is made at test time by ffmpeg, in a folder that it may use.
import { execFileSync } from 'node:child_process'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AAC, beep, cutOff, ffmpeg, flash, patch, SECONDS, X264 } from './film-maker.ts'

export interface OddFilm {
  /** Whose kind it is of, as test names have it. */
  readonly fault: string
  /** Left to `npm run test:long`. */
  readonly isSlow?: true
  readonly name: string
  readonly file: string
  readonly make: (file: string, folder: string) => void
  /** ffmpeg's encoders or muxers that it takes to make it. */
  readonly needs?: readonly string[]
  /** The sentence that refuses it, before any work. */
  readonly refused?: RegExp
  readonly becomes?: Becomes
}

export interface Becomes {
  readonly size?: string
  readonly rate?: string
  readonly seconds?: number
  /** Of the largest picture, exactly. */
  readonly frames?: number
  readonly sounds?: number
  /** In what is said of its tracks and of doubts. */
  readonly says?: readonly (RegExp | string)[]
  /** It has no flash or beep to be measured by. */
  readonly isUnmeasured?: boolean
  /** Which of the file's pictures it is: `0:V:0` if left out. */
  readonly picture?: string
  /** And which of its sounds: `0:a:0`. */
  readonly sound?: string
  /** Of the middle at a time: red, green, blue, within 10. */
  readonly colour?: { readonly at: number; readonly rgb: readonly [number, number, number] }
  /** Of the thumbnail. */
  readonly thumbnail?: { readonly size?: string; readonly rgb?: readonly [number, number, number] }
  readonly sampleRate?: number
}

/** A plain film in one call. */
const plain =
  (...output: readonly string[]) =>
  (file: string): void =>
    ffmpeg(file, ...flash(), ...beep(), ...X264, ...AAC, ...output)

const withSound =
  (sound: readonly string[], ...encoder: readonly string[]) =>
  (file: string): void =>
    ffmpeg(file, ...flash(), ...sound, ...X264, ...encoder)

const atRate =
  (rate: string) =>
  (file: string): void =>
    ffmpeg(file, ...flash({ rate, seconds: 3 }), ...beep({ seconds: 3 }), ...X264, ...AAC)

/** Makes sounds, by their order, of a kind that ffmpeg does not know: what describes them is called otherwise. */
function withoutDecoder(file: string, first: number, end?: number): void {
  patch(file, 'mp4a', 'apac', first, end)
  patch(file, 'esds', 'free', first, end)
}

const lossless = ['-c:v', 'ffv1']

/** A flat colour that fills the picture. */
const colour = (code: string, filters = ''): string[] => [
  '-f',
  'lavfi',
  '-i',
  `color=c=${code}:s=160x90:r=25:d=${SECONDS}${filters}`,
]

const matrixFlags =
  (rotation: 90 | 180 | 270) =>
  (file: string): void => {
    const upright = `${file}.upright.mp4`
    ffmpeg(upright, ...flash(), ...beep(), ...X264, ...AAC)
    ffmpeg(file, '-i', upright, '-c', 'copy', '-metadata:s:v', `rotate=${rotation}`)
  }

/** Hexadecimal of nine 16.16 numbers, as `tkhd` has them. */
function displayMatrix(a: number, b: number, c: number, d: number): Buffer {
  const bytes = Buffer.alloc(36)
  for (const [i, value] of [a, b, 0, c, d, 0, 0, 0].entries()) bytes.writeInt32BE(value * 65_536, i * 4)
  bytes.writeInt32BE(0x4000_0000, 32)
  return bytes
}

const hdr = (transfer: string, file: string): void =>
  ffmpeg(
    file,
    ...colour('gray', ',format=yuv420p10le'),
    ...beep(),
    '-c:v',
    'libx265',
    '-preset',
    'ultrafast',
    '-x265-params',
    `log-level=none:colorprim=bt2020:transfer=${transfer}:colormatrix=bt2020nc`,
    ...AAC,
  )

export const ODD_FILMS: readonly OddFilm[] = [
  {
    fault: 'F34',
    name: 'a plain film',
    file: 'film.mp4',
    make: plain(),
    becomes: { size: '160x90', rate: '25', sounds: 1 },
  },

  // Sound
  {
    fault: 'F33',
    isSlow: true,
    name: 'sound at 22254 Hz',
    file: 'film.mov',
    make: withSound(beep({ rate: 22_254 }), '-c:a', 'pcm_s16le'),
    becomes: { sampleRate: 24_000, says: ['resampled from 22254 Hz'] },
  },
  {
    fault: 'F33',
    isSlow: true,
    name: 'sound at 37800 Hz',
    file: 'film.mkv',
    make: withSound(beep({ rate: 37_800 }), '-c:a', 'pcm_s16le'),
    becomes: { sampleRate: 44_100 },
  },
  {
    fault: 'F33',
    isSlow: true,
    name: 'sound at 6000 Hz',
    file: 'film.mkv',
    make: withSound(beep({ rate: 6000 }), '-c:a', 'pcm_s16le'),
    becomes: { sampleRate: 8000 },
  },
  {
    fault: 'F33',
    isSlow: true,
    name: 'sound at 96000 Hz',
    file: 'film.mkv',
    make: withSound(beep({ rate: 96_000 }), '-c:a', 'flac'),
    becomes: { sampleRate: 48_000 },
  },
  {
    fault: 'F33',
    isSlow: true,
    name: 'ten channels without a layout',
    file: 'film.mov',
    make: (file) => ffmpeg(file, ...flash(), ...beep({ channels: 10 }), ...X264, '-c:a', 'pcm_s16le'),
    becomes: { says: [/10 channels without a known place, left and right in turn mixed down/] },
  },
  {
    fault: 'F33',
    isSlow: true,
    name: 'six channels of AC-3',
    file: 'film.mkv',
    make: (file) => ffmpeg(file, ...flash(), ...beep(), ...X264, '-ac', '6', '-c:a', 'ac3'),
    becomes: { says: ['6 channels (5.1'] },
  },
  {
    fault: 'F33',
    name: 'a second sound without a decoder, as iPhones add for spatial audio',
    file: 'film.mp4',
    make: (file) => {
      ffmpeg(file, ...flash(), ...beep(), ...beep(), '-map', '0', '-map', '1', '-map', '2', ...X264, ...AAC)
      withoutDecoder(file, 1)
    },
    becomes: { sounds: 1, says: [/Sound 2 \(apac.*\) is left out: this ffmpeg cannot decode it/] },
  },
  {
    fault: 'F33',
    isSlow: true,
    name: 'a first sound without a decoder',
    file: 'film.mp4',
    make: (file) => {
      ffmpeg(file, ...flash(), ...beep(), ...beep(), '-map', '0', '-map', '1', '-map', '2', ...X264, ...AAC)
      withoutDecoder(file, 0, 1)
    },
    becomes: { sounds: 1, sound: '0:a:1', says: [/Sound 1 \(apac.*\) is left out/] },
  },
  {
    fault: 'F33',
    name: 'no sound but one without a decoder',
    file: 'film.mp4',
    make: (file) => {
      plain()(file)
      withoutDecoder(file, 0)
    },
    refused:
      /film\.mp4 cannot be made a video: of its sound nothing can be made: this ffmpeg cannot decode it \(apac\)\./,
  },
  {
    fault: 'F34',
    name: 'sound that begins half a second late',
    file: 'film.mkv',
    make: (file) =>
      ffmpeg(file, ...flash(), '-itsoffset', '0.5', ...beep({ seconds: 1.5, at: 0.5 }), ...X264, '-c:a', 'flac'),
    becomes: { seconds: 2 },
  },
  {
    fault: 'F34',
    isSlow: true,
    name: 'a picture that begins half a second late',
    file: 'film.mkv',
    make: (file) =>
      ffmpeg(file, '-itsoffset', '0.5', ...flash({ seconds: 1.5, at: 0.48 }), ...beep(), ...X264, '-c:a', 'flac'),
    becomes: { seconds: 2 },
  },
  {
    fault: 'F34',
    isSlow: true,
    name: 'sound that begins before the picture in a broadcast',
    file: 'film.ts',
    make: (file) =>
      ffmpeg(file, '-itsoffset', '0.31', ...flash({ seconds: 1.7, at: 0.68 }), ...beep(), ...X264, ...AAC),
    becomes: { seconds: 2 },
  },
  {
    fault: 'F44',
    isSlow: true,
    name: 'sound that is longer than its picture',
    file: 'film.mkv',
    make: (file) => ffmpeg(file, ...flash({ seconds: 1.4 }), ...beep({ seconds: 3 }), ...X264, '-c:a', 'flac'),
    becomes: { seconds: 3, says: ['the last frame stays for 1.6 s, until the sound ends'] },
  },
  {
    fault: 'F44',
    isSlow: true,
    name: 'a picture that is longer than its sound',
    file: 'film.mkv',
    make: (file) => ffmpeg(file, ...flash({ seconds: 3 }), ...beep({ seconds: 1.4 }), ...X264, '-c:a', 'flac'),
    becomes: { seconds: 3, says: ['silent for the last 1.6 s'] },
  },
  {
    fault: 'F34',
    isSlow: true,
    name: 'sound that pauses before the beep',
    file: 'film.mkv',
    make: (file) =>
      ffmpeg(
        file,
        ...flash({ at: 1.6 }),
        ...beep({ at: 1.6 }),
        '-af',
        "aselect='lt(t,0.5)+gt(t,1.2)'",
        ...X264,
        '-c:a',
        'pcm_s16le',
      ),
    becomes: { seconds: 2 },
  },
  {
    fault: 'F33',
    name: 'no sound at all',
    file: 'film.mp4',
    make: (file) => ffmpeg(file, ...flash(), ...X264),
    becomes: { sounds: 0, isUnmeasured: true },
  },

  // Containers and codecs
  {
    fault: 'F33',
    isSlow: true,
    name: 'VP9 and Opus in WebM',
    file: 'film.webm',
    needs: ['libvpx-vp9', 'libopus'],
    make: (file) =>
      ffmpeg(
        file,
        ...flash(),
        ...beep(),
        '-c:v',
        'libvpx-vp9',
        '-deadline',
        'realtime',
        '-cpu-used',
        '8',
        '-c:a',
        'libopus',
      ),
    becomes: { rate: '25' },
  },
  {
    fault: 'F33',
    isSlow: true,
    name: 'MPEG-4 and MP3 in AVI',
    file: 'film.avi',
    needs: ['libmp3lame'],
    make: (file) => ffmpeg(file, ...flash(), ...beep(), '-c:v', 'mpeg4', '-bf', '2', '-c:a', 'libmp3lame'),
    becomes: { rate: '25' },
  },
  {
    fault: 'F33',
    isSlow: true,
    name: 'ProRes and PCM in QuickTime',
    file: 'film.mov',
    needs: ['prores_ks'],
    make: (file) => ffmpeg(file, ...flash(), ...beep(), '-c:v', 'prores_ks', '-c:a', 'pcm_s24le'),
    becomes: { rate: '25' },
  },
  {
    fault: 'F33',
    isSlow: true,
    name: 'MPEG-2 in a broadcast',
    file: 'film.ts',
    make: (file) => ffmpeg(file, ...flash(), ...beep(), '-c:v', 'mpeg2video', '-c:a', 'mp2'),
    becomes: { rate: '25' },
  },
  {
    fault: 'F33',
    isSlow: true,
    name: 'MPEG-2 and AC-3 of a DVD',
    file: 'film.vob',
    make: (file) =>
      ffmpeg(file, ...flash({ size: '352x288' }), ...beep(), '-c:v', 'mpeg2video', '-c:a', 'ac3', '-f', 'vob'),
    becomes: { size: '352x288' },
  },
  {
    fault: 'F33',
    isSlow: true,
    name: 'Flash Video',
    file: 'film.flv',
    make: (file) => ffmpeg(file, ...flash(), ...beep({ rate: 44_100 }), '-c:v', 'flv', '-c:a', 'aac'),
    becomes: { rate: '25' },
  },
  {
    fault: 'F33',
    isSlow: true,
    name: 'Theora and Vorbis in Ogg',
    file: 'film.ogv',
    needs: ['libtheora', 'libvorbis'],
    make: (file) => ffmpeg(file, ...flash(), ...beep(), '-c:v', 'libtheora', '-c:a', 'libvorbis'),
    becomes: { rate: '25' },
  },
  {
    fault: 'F33',
    isSlow: true,
    name: 'Windows Media',
    file: 'film.wmv',
    make: (file) => ffmpeg(file, ...flash(), ...beep(), '-c:v', 'wmv2', '-c:a', 'wmav2'),
    becomes: { rate: '25' },
  },
  {
    fault: 'F33',
    isSlow: true,
    name: 'HEVC',
    file: 'film.mp4',
    needs: ['libx265'],
    make: (file) =>
      ffmpeg(
        file,
        ...flash(),
        ...beep(),
        '-c:v',
        'libx265',
        '-preset',
        'ultrafast',
        '-x265-params',
        'log-level=none',
        ...AAC,
      ),
    becomes: { rate: '25' },
  },
  {
    fault: 'F34',
    isSlow: true,
    name: 'a broadcast whose clock began an hour before',
    file: 'film.ts',
    make: plain('-output_ts_offset', '3600'),
    becomes: { seconds: 2 },
  },
  {
    fault: 'F34',
    isSlow: true,
    name: 'a piece cut out without encoding, with an edit list',
    file: 'film.mp4',
    make: (file) => {
      const whole = `${file}.whole.mp4`
      ffmpeg(
        whole,
        ...flash({ seconds: 3, at: 2 }),
        ...beep({ seconds: 3, at: 2 }),
        ...X264,
        '-bf',
        '2',
        '-g',
        '25',
        ...AAC,
      )
      ffmpeg(file, '-ss', '1.5', '-i', whole, '-c', 'copy')
    },
    becomes: { seconds: 1.5 },
  },
  {
    fault: 'F33',
    isSlow: true,
    name: 'a track of data and subtitles that are pictures',
    file: 'film.mov',
    make: (file) => plain('-timecode', '10:00:00:00')(file),
    becomes: { says: [/Data 2 \(.*\) is left out/] },
  },
  {
    fault: 'F33',
    name: 'subtitles that are pictures, and some that are text',
    file: 'film.mkv',
    make: (file, folder) => {
      const words = join(folder, 'words.srt')
      writeFileSync(words, '1\n00:00:00,200 --> 00:00:01,000\nHello.\n')
      ffmpeg(
        file,
        ...flash(),
        ...beep(),
        '-i',
        words,
        '-i',
        words,
        '-map',
        '0',
        '-map',
        '1',
        '-map',
        '2',
        '-map',
        '3',
        ...X264,
        ...AAC,
        '-c:s:0',
        'srt',
        '-c:s:1',
        'srt',
      )
      // One of them is said to be of a Blu-ray.
      patch(file, 'S_TEXT/UTF8', 'S_HDMV/PGS\0', 1)
    },
    becomes: {
      says: [
        /Subtitles 2 \(subrip\) becomes WebVTT/,
        /Subtitles 3 \(hdmv_pgs_subtitle\) is left out: no text can be made of it/,
      ],
    },
  },

  // Pictures
  {
    fault: 'F33',
    isSlow: true,
    name: 'a cover, unflagged, before the film',
    file: 'film.mkv',
    make: (file, folder) => {
      const cover = join(folder, 'cover.jpg')
      ffmpeg(cover, '-f', 'lavfi', '-i', 'testsrc=s=300x300:d=1', '-frames:v', '1')
      ffmpeg(
        file,
        '-i',
        cover,
        ...flash(),
        ...beep(),
        '-map',
        '0',
        '-map',
        '1',
        '-map',
        '2',
        '-c:v:0',
        'copy',
        '-c:v:1',
        'libx264',
        '-preset',
        'ultrafast',
        ...AAC,
      )
    },
    becomes: {
      size: '160x90',
      picture: '0:v:1',
      says: [/Picture 0 \(mjpeg\) is left out: the film has another picture/],
    },
  },
  {
    fault: 'F33',
    isSlow: true,
    name: 'a cover, flagged, beside the film',
    file: 'film.mp4',
    make: (file, folder) => {
      const cover = join(folder, 'cover.jpg')
      ffmpeg(cover, '-f', 'lavfi', '-i', 'testsrc=s=300x300:d=1', '-frames:v', '1')
      ffmpeg(
        file,
        ...flash(),
        ...beep(),
        '-i',
        cover,
        '-map',
        '0',
        '-map',
        '1',
        '-map',
        '2',
        '-c:v:1',
        'copy',
        '-disposition:v:1',
        'attached_pic',
        '-c:v:0',
        'libx264',
        '-preset',
        'ultrafast',
        ...AAC,
      )
    },
    becomes: { size: '160x90', says: [/Picture 2 \(mjpeg\) is left out: it is a cover/] },
  },
  {
    fault: 'F33',
    isSlow: true,
    name: 'one picture with sound',
    file: 'film.mp4',
    make: (file) => ffmpeg(file, '-f', 'lavfi', '-i', 'testsrc=s=160x90:r=25:d=0.04', ...beep(), ...X264, ...AAC),
    becomes: { seconds: 2, rate: '5', isUnmeasured: true },
  },
  {
    fault: 'F33',
    name: 'one picture alone',
    file: 'film.mp4',
    make: (file) => ffmpeg(file, '-f', 'lavfi', '-i', 'testsrc=s=160x90:r=25:d=0.04', ...X264, '-frames:v', '1'),
    refused: /film\.mp4 cannot be made a video: it is a single picture without sound\./,
  },
  {
    fault: 'F33',
    name: 'sound alone',
    file: 'film.m4a',
    make: (file) => ffmpeg(file, ...beep(), ...AAC),
    refused: /film\.m4a cannot be made a video: it has no picture\./,
  },
  {
    fault: 'F33',
    isSlow: true,
    name: 'sound with a cover',
    file: 'film.m4a',
    make: (file, folder) => {
      const cover = join(folder, 'cover.jpg')
      ffmpeg(cover, '-f', 'lavfi', '-i', 'testsrc=s=300x300:d=1', '-frames:v', '1')
      ffmpeg(
        file,
        ...beep(),
        '-i',
        cover,
        '-map',
        '0',
        '-map',
        '1',
        ...AAC,
        '-c:v',
        'copy',
        '-disposition:v',
        'attached_pic',
      )
    },
    refused: /it has no picture/,
  },
  {
    fault: 'F33',
    isSlow: true,
    name: 'a broadcast with one key frame',
    file: 'film.ts',
    make: plain('-g', '1000'),
    becomes: { thumbnail: { size: '160x90' } },
  },
  {
    fault: 'F35',
    name: 'a phone held upright',
    file: 'film.mp4',
    make: matrixFlags(90),
    becomes: { size: '90x160', says: ['turned upright'], thumbnail: { size: '90x160' } },
  },
  {
    fault: 'F35',
    isSlow: true,
    name: 'a phone held the other way',
    file: 'film.mp4',
    make: matrixFlags(270),
    becomes: { size: '90x160' },
  },
  {
    fault: 'F35',
    isSlow: true,
    name: 'a phone upside down',
    file: 'film.mp4',
    make: matrixFlags(180),
    becomes: { size: '160x90', says: ['turned upright'] },
  },
  {
    fault: 'F35',
    isSlow: true,
    name: 'a mirrored picture',
    file: 'film.mp4',
    make: (file) => {
      plain()(file)
      // The first one is the whole film's.
      patch(file, displayMatrix(1, 0, 0, 1), displayMatrix(-1, 0, 0, 1), 1)
    },
    becomes: { size: '160x90', says: ['turned upright'] },
  },
  {
    fault: 'F35',
    isSlow: true,
    name: 'an anamorphic picture',
    file: 'film.mp4',
    make: (file) => ffmpeg(file, ...flash({ size: '144x108' }), ...beep(), '-vf', 'setsar=4/3', ...X264, ...AAC),
    becomes: { size: '192x108', says: ['pixels made square'], thumbnail: { size: '192x108' } },
  },
  {
    fault: 'F35',
    isSlow: true,
    name: 'a GIF',
    file: 'film.gif',
    make: (file) => ffmpeg(file, ...colour('#00C000', ',drawbox=w=8:h=8:x=t*50:c=white:t=fill')),
    becomes: { sounds: 0, isUnmeasured: true, colour: { at: 1, rgb: [0, 192, 0] }, says: ['RGB becomes BT.709'] },
  },
  {
    fault: 'F35',
    isSlow: true,
    name: 'a screen recorded as RGB',
    file: 'film.mkv',
    needs: ['libx264rgb'],
    make: (file) =>
      ffmpeg(
        file,
        ...colour('#00C000'),
        ...beep(),
        '-c:v',
        'libx264rgb',
        '-preset',
        'ultrafast',
        '-pix_fmt',
        'rgb24',
        ...AAC,
      ),
    becomes: { isUnmeasured: true, colour: { at: 1, rgb: [0, 192, 0] }, thumbnail: { rgb: [0, 192, 0] } },
  },
  {
    fault: 'F35',
    isSlow: true,
    name: 'BT.601 colours that are not said to be',
    file: 'film.mp4',
    make: (file) =>
      ffmpeg(
        file,
        ...colour('#00C000', ',scale=out_color_matrix=bt601:out_range=tv,format=yuv420p'),
        ...beep(),
        ...X264,
        ...AAC,
      ),
    becomes: { isUnmeasured: true, colour: { at: 1, rgb: [0, 192, 0] } },
  },
  {
    fault: 'F35',
    isSlow: true,
    name: 'full range, as phones have it',
    file: 'film.mp4',
    make: (file) =>
      ffmpeg(
        file,
        ...colour('#00C000', ',scale=out_color_matrix=bt709:out_range=pc,format=yuvj420p'),
        ...beep(),
        '-c:v',
        'libx264',
        '-color_range',
        'pc',
        '-colorspace',
        'bt709',
        ...AAC,
      ),
    becomes: { isUnmeasured: true, colour: { at: 1, rgb: [0, 192, 0] }, says: ['full range'] },
  },
  {
    fault: 'F35',
    isSlow: true,
    name: 'reserved colour tags',
    file: 'film.mp4',
    make: plain('-bsf:v', 'h264_metadata=colour_primaries=3:transfer_characteristics=3:matrix_coefficients=3'),
    becomes: { rate: '25' },
  },
  {
    fault: 'F44',
    name: 'HDR with HLG',
    file: 'film.mp4',
    needs: ['libx265'],
    make: (file) => hdr('arib-std-b67', file),
    becomes: { isUnmeasured: true, colour: { at: 1, rgb: [143, 143, 143] }, says: ['HDR (HLG) becomes SDR (BT.709)'] },
  },
  {
    fault: 'F44',
    isSlow: true,
    name: 'HDR with PQ',
    file: 'film.mp4',
    needs: ['libx265'],
    make: (file) => hdr('smpte2084', file),
    becomes: { isUnmeasured: true, colour: { at: 1, rgb: [183, 183, 183] }, says: ['HDR (PQ) becomes SDR (BT.709)'] },
  },
  {
    fault: 'F44',
    isSlow: true,
    name: 'wide colours without HDR',
    file: 'film.mp4',
    needs: ['libx265'],
    make: (file) => hdr('bt2020-10', file),
    becomes: { isUnmeasured: true, colour: { at: 1, rgb: [128, 128, 128] }, says: ['colours of bt2020 become BT.709'] },
  },
  {
    fault: 'F35',
    isSlow: true,
    name: 'ten bits and full colour',
    file: 'film.mkv',
    make: (file) => ffmpeg(file, ...flash(), ...beep(), ...lossless, '-pix_fmt', 'yuv444p10le', '-c:a', 'flac'),
    becomes: { rate: '25' },
  },
  {
    fault: 'F35',
    isSlow: true,
    name: 'grey',
    file: 'film.mkv',
    make: (file) => ffmpeg(file, ...flash(), ...beep(), ...lossless, '-pix_fmt', 'gray', '-c:a', 'flac'),
    becomes: { rate: '25' },
  },
  {
    fault: 'F35',
    isSlow: true,
    name: 'interlaced',
    file: 'film.mp4',
    make: (file) =>
      ffmpeg(
        file,
        ...flash({ rate: '50' }),
        ...beep(),
        '-vf',
        'tinterlace=interleave_top',
        '-c:v',
        'mpeg2video',
        '-flags',
        '+ildct+ilme',
        '-top',
        '1',
        ...AAC,
      ),
    becomes: { rate: '25', says: ['deinterlaced'] },
  },
  {
    fault: 'F35',
    isSlow: true,
    name: 'a film that begins black',
    file: 'film.mp4',
    make: (file) =>
      ffmpeg(
        file,
        ...colour('black', `,drawbox=c=white:t=fill:w=iw/2:enable='gte(t,1.5)',drawbox=x=20:y=20:w=4:h=4:c=gray`),
        ...beep(),
        ...X264,
        '-g',
        '5',
        ...AAC,
      ),
    becomes: { isUnmeasured: true },
  },
  {
    fault: 'F35',
    isSlow: true,
    name: 'a size that changes in the middle',
    file: 'film.ts',
    make: (file, folder) => {
      const [wide, tall] = [join(folder, 'wide.ts'), join(folder, 'tall.ts')]
      ffmpeg(wide, ...colour('#00C000'), ...beep(), ...X264, ...AAC)
      ffmpeg(
        tall,
        ...colour('#00C000', ',scale=90:160,setsar=1'),
        ...beep(),
        ...X264,
        ...AAC,
        '-output_ts_offset',
        String(SECONDS),
      )
      writeFileSync(file, readFileSync(wide))
      appendFileSync(file, readFileSync(tall))
    },
    becomes: {
      size: '160x90',
      seconds: 4,
      // With filters that begin anew at the change there are two more.
      frames: 100,
      isUnmeasured: true,
      colour: { at: 3, rgb: [0, 192, 0] },
      thumbnail: { size: '160x90' },
    },
  },
  {
    fault: 'F35',
    isSlow: true,
    name: 'sides that are odd',
    file: 'film.mkv',
    make: (file) =>
      ffmpeg(file, ...flash({ size: '161x91' }), ...beep(), ...lossless, '-pix_fmt', 'yuv444p', '-c:a', 'flac'),
    becomes: { size: '160x90' },
  },
  {
    fault: 'F35',
    isSlow: true,
    name: 'a picture of 16 lines',
    file: 'film.mp4',
    make: (file) => ffmpeg(file, ...flash({ size: '16x16' }), ...beep(), ...X264, ...AAC),
    becomes: { size: '16x16' },
  },
  {
    fault: 'F35',
    isSlow: true,
    name: 'a picture like a ribbon',
    file: 'film.mp4',
    make: (file) => ffmpeg(file, ...flash({ size: '640x40' }), ...beep(), ...X264, ...AAC),
    becomes: { size: '640x40' },
  },

  // Time
  {
    fault: 'F33',
    isSlow: true,
    name: 'one frame a second',
    file: 'film.mp4',
    make: atRate('1'),
    becomes: { seconds: 3, rate: '1' },
  },
  {
    fault: 'F34',
    isSlow: true,
    name: 'five frames a second',
    file: 'film.mp4',
    make: atRate('5'),
    becomes: { seconds: 3, rate: '5' },
  },
  {
    fault: 'F34',
    isSlow: true,
    name: '23.976 frames a second',
    file: 'film.mp4',
    make: atRate('24000/1001'),
    becomes: { rate: '24000/1001' },
  },
  {
    fault: 'F34',
    isSlow: true,
    name: '30 frames a second',
    file: 'film.mp4',
    make: atRate('30'),
    becomes: { seconds: 3, rate: '30' },
  },
  {
    fault: 'F34',
    isSlow: true,
    name: '60 frames a second',
    file: 'film.mp4',
    make: atRate('60'),
    becomes: { seconds: 3, rate: '60' },
  },
  {
    fault: 'F42',
    isSlow: true,
    name: '120 frames a second',
    file: 'film.mp4',
    make: atRate('120'),
    becomes: { seconds: 3, rate: '60' },
  },
  {
    fault: 'F42',
    isSlow: true,
    name: '100 frames a second',
    file: 'film.mkv',
    make: atRate('100'),
    becomes: { seconds: 3, rate: '50' },
  },
  {
    fault: 'F42',
    name: 'a screen recording with bursts of 60',
    file: 'film.mkv',
    make: (file) =>
      ffmpeg(
        file,
        ...flash({ rate: '60', seconds: 3 }),
        ...beep({ seconds: 3 }),
        '-vf',
        "select='lt(mod(t,1),0.3)+not(mod(n,30))'",
        '-vsync',
        'vfr',
        ...X264,
        ...AAC,
      ),
    becomes: { seconds: 3, rate: '60' },
  },
  {
    fault: 'F42',
    isSlow: true,
    name: 'a phone whose gaps are mostly below 40 ms',
    file: 'film.mp4',
    make: (file) =>
      ffmpeg(
        file,
        ...flash({ rate: '30', seconds: 3, at: 0.5 }),
        ...beep({ seconds: 3, at: 0.5 }),
        '-vf',
        "select='lt(t,0.75)+not(mod(n,20))'",
        '-vsync',
        'vfr',
        ...X264,
        '-bf',
        '0',
        ...AAC,
      ),
    becomes: { seconds: 3, rate: '30' },
  },
  {
    fault: 'F36',
    name: 'a film that was cut off',
    file: 'film.mp4',
    make: (file) => {
      ffmpeg(
        file,
        ...flash({ seconds: 5 }),
        ...beep({ seconds: 5 }),
        ...X264,
        '-crf',
        '10',
        ...AAC,
        '-movflags',
        '+faststart',
      )
      cutOff(file, 0.5)
    },
    becomes: {
      isUnmeasured: true,
      says: [/It says that it lasts 5\.0 s, and there are \d\.\d s of it: was it cut off\?/],
    },
  },
  {
    fault: 'F36',
    isSlow: true,
    name: 'a Matroska film that was cut off',
    file: 'film.mkv',
    make: (file) => {
      ffmpeg(file, ...flash({ seconds: 5 }), ...beep({ seconds: 5 }), ...X264, '-crf', '10', ...AAC)
      cutOff(file, 0.5)
    },
    becomes: {
      isUnmeasured: true,
      says: [/It says that it lasts 5\.0 s, and there are \d\.\d s of it: was it cut off\?/],
    },
  },
  {
    fault: 'F36',
    isSlow: true,
    name: 'a film that is damaged in its middle',
    file: 'film.mp4',
    make: (file) => {
      ffmpeg(file, ...flash(), ...beep(), ...X264, '-crf', '10', ...AAC)
      const bytes = readFileSync(file)
      bytes.fill(0x55, Math.floor(bytes.length * 0.4), Math.floor(bytes.length * 0.6))
      writeFileSync(file, bytes)
    },
    becomes: { seconds: 2, isUnmeasured: true, says: [/Parts of the picture are damaged and could not be decoded/] },
  },
  {
    fault: 'F36',
    isSlow: true,
    name: 'an MP4 without its index',
    file: 'film.mp4',
    make: (file) => {
      plain()(file)
      cutOff(file, 0.5)
    },
    refused: /ffmpeg cannot read film\.mp4 as a video: it has no index/,
  },
  {
    fault: 'F36',
    isSlow: true,
    name: 'a jump of 600 s',
    file: 'film.mkv',
    make: (file) =>
      ffmpeg(
        file,
        ...flash({ at: 1.6 }),
        ...beep({ at: 1.6 }),
        '-vf',
        "setpts='PTS+gte(T,1)*600/TB'",
        '-af',
        "asetpts='PTS+gte(T,1)*600/TB'",
        '-vsync',
        'vfr',
        ...X264,
        '-c:a',
        'pcm_s16le',
      ),
    becomes: {
      seconds: 2,
      says: [/Its clock jumps at 0:01: 600\.\d s with neither picture nor sound are closed up\./],
    },
  },
  {
    fault: 'F36',
    isSlow: true,
    name: 'a jump of 600 s in a broadcast',
    file: 'film.ts',
    make: (file) =>
      ffmpeg(
        file,
        ...flash({ at: 1.6 }),
        ...beep({ at: 1.6 }),
        '-vf',
        "setpts='PTS+gte(T,1)*600/TB'",
        '-af',
        "asetpts='PTS+gte(T,1)*600/TB'",
        '-vsync',
        'vfr',
        ...X264,
        '-g',
        '5',
        '-c:a',
        'mp2',
      ),
    becomes: { seconds: 2 },
  },
  {
    fault: 'F36',
    isSlow: true,
    name: 'a jump of 3 s',
    file: 'film.mkv',
    make: (file) =>
      ffmpeg(
        file,
        ...flash({ at: 1.6 }),
        ...beep({ at: 1.6 }),
        '-vf',
        "setpts='PTS+gte(T,1)*3/TB'",
        '-af',
        "asetpts='PTS+gte(T,1)*3/TB'",
        '-vsync',
        'vfr',
        ...X264,
        '-c:a',
        'pcm_s16le',
      ),
    becomes: { seconds: 2 },
  },
  {
    fault: 'F34',
    isSlow: true,
    name: 'slides of two seconds each, with sound',
    file: 'film.mp4',
    make: (file) =>
      ffmpeg(file, ...flash({ rate: '1/2', seconds: 6, at: 2 }), ...beep({ seconds: 6, at: 2 }), ...X264, ...AAC),
    becomes: { seconds: 6 },
  },
  {
    fault: 'F36',
    isSlow: true,
    name: 'a clock that was set back, written anew as the refusal says',
    file: 'film.mkv',
    make: (file, folder) => {
      const [part, whole] = [join(folder, 'part.vob'), join(folder, 'whole.vob')]
      ffmpeg(part, ...flash({ size: '352x288' }), ...beep(), '-c:v', 'mpeg2video', '-c:a', 'ac3', '-f', 'vob')
      writeFileSync(whole, Buffer.concat([readFileSync(part), readFileSync(part)]))
      ffmpeg(file, '-fflags', '+genpts', '-i', whole, '-c', 'copy')
    },
    becomes: { seconds: 4, rate: '25' },
  },
  {
    fault: 'F36',
    isSlow: true,
    name: 'a clock that is set back',
    file: 'film.ts',
    make: (file, folder) => {
      const part = join(folder, 'part.ts')
      plain('-output_ts_offset', '20')(part)
      plain()(file)
      writeFileSync(file, Buffer.concat([readFileSync(part), readFileSync(file)]))
    },
    refused: /its clock is set back \d+ s into it: write it anew with ffmpeg/,
  },

  // Refused
  {
    fault: 'F33',
    isSlow: true,
    name: 'an encrypted film',
    file: 'film.mp4',
    make: plain(
      '-encryption_scheme',
      'cenc-aes-ctr',
      '-encryption_key',
      '0'.repeat(32),
      '-encryption_kid',
      '1'.repeat(32),
    ),
    refused: /its picture is encrypted \(DRM\)/,
  },
  {
    fault: 'F40',
    isSlow: true,
    name: 'an empty file',
    file: 'film.mp4',
    make: (file) => writeFileSync(file, ''),
    refused: /ffmpeg cannot read film\.mp4 as a video/,
  },
  {
    fault: 'F40',
    isSlow: true,
    name: 'a list of other files',
    file: 'film.mp4',
    make: (file) => writeFileSync(file, '#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n/etc/passwd\n'),
    refused: /its content is of the format hls/,
  },
  {
    fault: 'F33',
    isSlow: true,
    name: 'a picture that no decoder knows',
    file: 'film.mp4',
    make: (file) => {
      plain()(file)
      patch(file, 'avc1', 'zzz1')
    },
    refused: /this ffmpeg cannot decode its picture \(zzz1\)/,
  },

  // All at once
  {
    fault: 'F33',
    name: 'a film of a phone: turned, HDR, of changing rate, with spatial audio',
    file: 'IMG_0001.mp4',
    needs: ['libx265'],
    make: (file) => {
      const upright = `${file}.upright.mp4`
      ffmpeg(
        upright,
        ...flash({ rate: '30' }),
        ...beep(),
        ...beep({ channels: 4 }),
        '-map',
        '0',
        '-map',
        '1',
        '-map',
        '2',
        '-vf',
        "setpts='PTS+0.004*sin(N)/TB',format=yuv420p10le",
        '-vsync',
        'vfr',
        '-c:v',
        'libx265',
        '-preset',
        'ultrafast',
        '-tag:v',
        'hvc1',
        '-x265-params',
        'log-level=none:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc',
        ...AAC,
      )
      ffmpeg(file, '-i', upright, '-map', '0', '-c', 'copy', '-metadata:s:v', 'rotate=90')
      withoutDecoder(file, 1)
    },
    becomes: {
      size: '90x160',
      rate: '30',
      sounds: 1,
      says: ['turned upright', 'HDR (HLG) becomes SDR', /Sound 2 \(apac.*\) is left out/],
    },
  },
]

/** Names of ffmpeg's encoders on this machine. */
export function knownEncoders(): Set<string> {
  const list = execFileSync('ffmpeg', ['-hide_banner', '-encoders'], { encoding: 'utf8' })
  return new Set([...list.matchAll(/^ [VAS]\S+ (\S+)/gm)].map(([, name = '']) => name))
}
