// Paints the demo film: one day in 24 seconds over hills, watched by a lynx. Pure: a time in, RGB pixels out.

export const width = 640
export const height = 360
export const framesPerSecond = 24
export const seconds = 24

type Colour = readonly [number, number, number]
type Point = readonly [number, number]

/** Sky by the hour: zenith and horizon. Hour and second are the same thing in this film. */
const sky: readonly { readonly hour: number; readonly zenith: Colour; readonly horizon: Colour }[] = [
  { hour: 0, zenith: [9, 13, 34], horizon: [30, 38, 82] },
  { hour: 4, zenith: [14, 20, 48], horizon: [52, 48, 98] },
  { hour: 6, zenith: [48, 72, 138], horizon: [246, 158, 112] },
  { hour: 9, zenith: [66, 138, 206], horizon: [196, 228, 240] },
  { hour: 14, zenith: [58, 140, 216], horizon: [208, 234, 244] },
  { hour: 17, zenith: [70, 116, 184], horizon: [250, 212, 142] },
  { hour: 19, zenith: [58, 44, 104], horizon: [238, 116, 84] },
  { hour: 21, zenith: [18, 22, 56], horizon: [66, 52, 104] },
  { hour: 24, zenith: [9, 13, 34], horizon: [30, 38, 82] },
]

/** Ridges from far to near: height of the crest above the lower edge in pixels at x, and how dark the slope is. */
const ridges = [
  { crest: (x: number) => 128 + 22 * Math.sin(x / 97) + 9 * Math.sin(x / 31 + 2), depth: 0.38 },
  { crest: (x: number) => 92 + 18 * Math.sin(x / 71 + 1.3) + 5 * Math.sin(x / 23), depth: 0.62 },
  { crest: (x: number) => 52 + 14 * Math.sin(x / 118 + 4.1) + 3 * Math.sin(x / 29 + 1), depth: 0.86 },
] as const

const ground: Colour = [12, 24, 34]
const fur: Colour = [16, 20, 32]
const eye: Colour = [255, 204, 92]

const lynxAt: Point = [470, 262]
const head: readonly Point[] = [
  [-34, 6],
  [-38, -22],
  [-42, -50],
  [-40, -56],
  [-20, -34],
  [0, -37],
  [20, -34],
  [40, -56],
  [42, -50],
  [38, -22],
  [34, 6],
  [44, 22],
  [32, 22],
  [26, 32],
  [14, 36],
  [0, 38],
  [-14, 36],
  [-26, 32],
  [-32, 22],
  [-44, 22],
]
const back: readonly Point[] = [
  [-22, 24],
  [22, 24],
  [40, 44],
  [58, 76],
  [62, 120],
  [-46, 120],
  [-40, 70],
  [-30, 40],
]
const eyes: readonly Point[] = [
  [-15, 2],
  [15, 2],
]

const stars: readonly { readonly x: number; readonly y: number; readonly size: number }[] = Array.from(
  { length: 70 },
  (_, i) => ({ x: (i * 197.31 + 31) % width, y: (i * 71.77 + 11) % 190, size: 0.6 + ((i * 13) % 7) / 7 }),
)

function mix(from: Colour, to: Colour, share: number): Colour {
  const s = Math.min(1, Math.max(0, share))
  return [from[0] + (to[0] - from[0]) * s, from[1] + (to[1] - from[1]) * s, from[2] + (to[2] - from[2]) * s]
}

function skyAt(hour: number): { zenith: Colour; horizon: Colour } {
  const after = sky.findIndex((stop) => stop.hour > hour)
  const next = sky[after] ?? sky[sky.length - 1]
  const last = sky[after - 1] ?? next
  if (next === undefined || last === undefined) throw new TypeError('sky needs stops')
  const share = next === last ? 0 : (hour - last.hour) / (next.hour - last.hour)
  return { zenith: mix(last.zenith, next.zenith, share), horizon: mix(last.horizon, next.horizon, share) }
}

/** Share of a pixel inside a polygon, from 16 samples. */
function coverage(polygon: readonly Point[], x: number, y: number): number {
  let inside = 0
  for (let sample = 0; sample < 16; sample++) {
    const px = x + ((sample % 4) + 0.5) / 4
    const py = y + (Math.floor(sample / 4) + 0.5) / 4
    let odd = false
    polygon.forEach(([ax, ay], i) => {
      const [bx, by] = polygon[(i + 1) % polygon.length] ?? [ax, ay]
      if (ay > py !== by > py && px < ((bx - ax) * (py - ay)) / (by - ay) + ax) odd = !odd
    })
    if (odd) inside++
  }
  return inside / 16
}

interface Stamp {
  readonly x: number
  readonly y: number
  readonly share: number
}

/** The lynx never moves, so its outline is computed once. */
const lynx: readonly Stamp[] = [head, back].flatMap((polygon) => {
  const stamps: Stamp[] = []
  for (let y = -60; y < 122; y++) {
    for (let x = -66; x < 66; x++) {
      const share = coverage(polygon, x, y)
      if (share > 0) stamps.push({ x: x + lynxAt[0], y: y + lynxAt[1], share })
    }
  }
  return stamps
})

/** One frame of the film at `hour` (0…24), as width × height RGB bytes. */
export function paintFrame(hour: number): Uint8Array {
  const frame = new Uint8Array(width * height * 3)
  const blend = (x: number, y: number, colour: Colour, share: number): void => {
    if (x < 0 || y < 0 || x >= width || y >= height || share <= 0) return
    const at = (Math.floor(y) * width + Math.floor(x)) * 3
    for (const channel of [0, 1, 2] as const) {
      const under = frame[at + channel] ?? 0
      frame[at + channel] = Math.round(under + (colour[channel] - under) * Math.min(1, share))
    }
  }
  const disc = (cx: number, cy: number, radius: number, colour: Colour, strength: number): void => {
    for (let y = Math.floor(cy - radius); y <= cy + radius + 1; y++) {
      for (let x = Math.floor(cx - radius); x <= cx + radius + 1; x++) {
        blend(x, y, colour, strength * Math.min(1, radius + 0.5 - Math.hypot(x - cx, y - cy)))
      }
    }
  }

  const { zenith, horizon } = skyAt(hour)
  for (let y = 0; y < height; y++) {
    const row = mix(zenith, horizon, (y / 240) ** 1.3)
    for (let x = 0; x < width; x++) frame.set(row, (y * width + x) * 3)
  }

  const night = Math.max(0, Math.cos((hour / 24) * 2 * Math.PI)) ** 0.7
  for (const star of stars) disc(star.x, star.y, star.size, [255, 250, 230], night * 0.9)
  const dayShare = (hour - 5) / 15
  disc(40 + dayShare * 560, 290 - Math.sin(dayShare * Math.PI) * 225, 23, [255, 226, 140], 1)
  const nightShare = ((hour + 6) % 24) / 12
  const moon: Point = [40 + nightShare * 560, 290 - Math.sin(nightShare * Math.PI) * 225]
  disc(moon[0], moon[1], 17, [232, 236, 250], night > 0 ? 1 : 0)
  disc(moon[0] + 8, moon[1] - 4, 15, mix(zenith, horizon, (moon[1] / 240) ** 1.3), night > 0 ? 1 : 0)

  for (const { crest, depth } of ridges) {
    const slope = mix(horizon, ground, depth)
    for (let x = 0; x < width; x++) {
      const top = height - crest(x)
      blend(x, Math.floor(top), slope, 1 - (top % 1))
      for (let y = Math.floor(top) + 1; y < height; y++) blend(x, y, slope, 1)
    }
  }

  for (const { x, y, share } of lynx) blend(x, y, fur, share)
  const blink = hour % 6 > 5.7 ? 0.2 : 1
  for (const [x, y] of eyes) {
    for (let dy = -6; dy <= 6; dy++) {
      for (let dx = -8; dx <= 8; dx++) {
        const reach = Math.hypot(dx / 7, dy / (5 * blink))
        blend(lynxAt[0] + x + dx, lynxAt[1] + y + dy, eye, (1.08 - reach) * 6)
        if (Math.hypot(dx / 1.8, dy / (4.4 * blink)) < 1) blend(lynxAt[0] + x + dx, lynxAt[1] + y + dy, fur, 1)
      }
    }
  }

  // The strip at the lower edge: one lamp a second, so that a film seen without sound or text still tells its time.
  for (let lamp = 0; lamp < seconds; lamp++) {
    const lit = Math.min(1, Math.max(0, (hour - lamp) * 4))
    disc(24 + lamp * 25.75, 346, 4, mix([60, 66, 84], eye, lit), 1)
  }
  return frame
}
