// npm run rooms: the arrows between rooms, as `test/house/rooms.test.ts` judges them.
import { floorOf, forbiddenArrows, readArrows, roomsInCircles } from './rooms.ts'

const arrows = readArrows()
for (const isWithin of [false, true]) {
  console.log(isWithin ? '\nBetween rooms of one floor' : 'Between floors')
  for (const { from, to, count } of arrows) {
    if ((floorOf(from) === floorOf(to)) === isWithin) console.log(`  ${from} → ${to}  ${count}`)
  }
}
const problems = [
  ...forbiddenArrows(arrows).map(({ from, to }) => `${from} must not import ${to}`),
  ...roomsInCircles(arrows).map((room) => `${room} imports itself through other rooms`),
]
for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1
