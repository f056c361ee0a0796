// A slider for pointer, touch and keyboard (ARIA slider pattern). Values are numbers; what they mean is the caller's.
import { element } from './element.ts'

export interface Slider {
  readonly root: HTMLElement
  /** Where thumb and fill are put; `text` is what a screen reader says. */
  show(value: number, range: { min: number; max: number }, text: string): void
  isDragging(): boolean
}

export interface SliderEvents {
  /** While a pointer drags, and before `commit`. */
  drag(value: number): void
  /** The value that a pointer let go at, or that a key asked for. */
  commit(value: number): void
  /** The pointer is over `value` without pressing; `undefined` when it left. */
  hover(value: number | undefined): void
}

/** `step` is what an arrow key moves, `page` what Page Up and Down move, in the slider's own unit. */
export function makeSlider(
  label: string,
  className: string,
  steps: { step: number; page: number },
  events: SliderEvents,
): Slider {
  const root = element(
    'div',
    {
      class: `slider ${className}`,
      role: 'slider',
      tabindex: '0',
      'aria-label': label,
      'aria-orientation': 'horizontal',
    },
    element('div', { class: 'slider-rail' }, element('div', { class: 'slider-fill' })),
    element('div', { class: 'slider-thumb' }),
  )
  let range = { min: 0, max: 1 }
  let now = 0
  let isDragging = false

  const clamp = (value: number): number => Math.min(range.max, Math.max(range.min, value))
  const valueAt = (event: PointerEvent): number => {
    const box = root.getBoundingClientRect()
    const part = box.width > 0 ? (event.clientX - box.left) / box.width : 0
    return clamp(range.min + part * (range.max - range.min))
  }

  root.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    isDragging = true
    root.setPointerCapture(event.pointerId)
    events.drag(valueAt(event))
  })
  root.addEventListener('pointermove', (event) => {
    if (isDragging) events.drag(valueAt(event))
    else if (event.pointerType === 'mouse') events.hover(valueAt(event))
  })
  root.addEventListener('pointerup', (event) => {
    if (!isDragging) return
    isDragging = false
    events.commit(valueAt(event))
    if (event.pointerType !== 'mouse') events.hover(undefined)
  })
  root.addEventListener('pointercancel', () => {
    isDragging = false
    events.hover(undefined)
  })
  root.addEventListener('pointerleave', () => {
    if (!isDragging) events.hover(undefined)
  })
  root.addEventListener('keydown', (event) => {
    const target = keyTarget(event.key, now, range, steps)
    if (target === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    event.stopPropagation()
    events.commit(clamp(target))
  })

  return {
    root,
    show(value, nextRange, text) {
      range = nextRange
      now = clamp(value)
      const part = range.max > range.min ? (now - range.min) / (range.max - range.min) : 0
      root.style.setProperty('--part', String(part))
      root.setAttribute('aria-valuemin', String(Math.round(range.min)))
      root.setAttribute('aria-valuemax', String(Math.round(range.max)))
      root.setAttribute('aria-valuenow', String(Math.round(now)))
      root.setAttribute('aria-valuetext', text)
    },
    isDragging: () => isDragging,
  }
}

function keyTarget(
  key: string,
  now: number,
  range: { min: number; max: number },
  steps: { step: number; page: number },
): number | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return now + steps.step
    case 'ArrowLeft':
    case 'ArrowDown':
      return now - steps.step
    case 'PageUp':
      return now + steps.page
    case 'PageDown':
      return now - steps.page
    case 'Home':
      return range.min
    case 'End':
      return range.max
    default:
      return undefined
  }
}
