// What state something is in: a word, and a colour that only repeats it.
import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon.tsx'

export type Tone = 'good' | 'busy' | 'bad' | 'plain'

export function Badge({ tone, icon, children }: { tone: Tone; icon?: IconName; children: ComponentChildren }) {
  return (
    <span class={`badge ${tone}`}>
      {icon === undefined ? <span class="dot" aria-hidden="true" /> : <Icon name={icon} />}
      {children}
    </span>
  )
}
