// A call of a port, made for real, whose answer can be held on its way: what else happens meanwhile is up to the test.

export interface Holdable<Args extends unknown[], Answer> {
  readonly call: (...args: Args) => Promise<Answer>
  /** From now on answers are held: `answered` when the first is there, `release` lets it and all others through. */
  readonly hold: () => { readonly answered: Promise<void>; readonly release: () => void }
}

export function holdable<Args extends unknown[], Answer>(
  real: (...args: Args) => Promise<Answer>,
): Holdable<Args, Answer> {
  let gate: { answered: PromiseWithResolvers<void>; released: PromiseWithResolvers<void> } | undefined
  return {
    async call(...args) {
      const mine = gate
      const answer = await real(...args)
      mine?.answered.resolve()
      await mine?.released.promise
      return answer
    },
    hold() {
      const mine = { answered: Promise.withResolvers<void>(), released: Promise.withResolvers<void>() }
      gate = mine
      return {
        answered: mine.answered.promise,
        release() {
          gate = undefined
          mine.released.resolve()
        },
      }
    },
  }
}
