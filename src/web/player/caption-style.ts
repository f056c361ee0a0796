// How the viewer likes subtitles: a size and a look, kept in this browser. The style sheet knows what they mean.
import type { Memory } from './memory.ts'
import type { OwnList } from './settings-menu.ts'
import type { Texts } from './texts/en.ts'

/** Lists for the menu; sets `data-caption-size` and `data-caption-look` on `root`. */
export function captionStyle(root: HTMLElement, memory: Memory, texts: Texts): OwnList {
  const sizes = [
    { value: 'small', label: texts.small },
    { value: 'normal', label: texts.normal },
    { value: 'large', label: texts.large },
    { value: 'very-large', label: texts.veryLarge },
  ]
  const looks = [
    { value: 'dark', label: texts.onDark },
    { value: 'bare', label: texts.withoutGround },
    { value: 'yellow', label: texts.yellow },
  ]
  const known = (choices: readonly { value: string }[], value: string | undefined): string | undefined =>
    choices.find((choice) => choice.value === value)?.value
  const { captionSize, captionLook } = memory.habits()
  root.dataset['captionSize'] = known(sizes, captionSize) ?? 'normal'
  root.dataset['captionLook'] = known(looks, captionLook) ?? 'dark'
  return {
    title: texts.subtitleStyle,
    choices: () => [...sizes, ...looks],
    selected: () => root.dataset['captionSize'],
    select(value) {
      if (known(sizes, value)) {
        root.dataset['captionSize'] = value
        memory.remember({ captionSize: value })
      } else {
        root.dataset['captionLook'] = value
        memory.remember({ captionLook: value })
      }
    },
  }
}
