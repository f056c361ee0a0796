// What tests of the watch page do with its film.
import type { Page } from 'playwright-core'

/** As a script of the page would; the engine may still take the video over, which breaks this promise off. */
export async function pressPlay(page: Page): Promise<void> {
  await page.evaluate(() => {
    document
      .querySelector('video')
      ?.play()
      .catch(() => undefined)
  })
}

/** Until the film plays. */
export async function plays(page: Page): Promise<void> {
  await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.5)
}
