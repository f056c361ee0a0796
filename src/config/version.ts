// The version this code was built as. The only reader of package.json: configuration is also read by commands in Node.
import { version } from '../../package.json'

export const VERSION: string = version
