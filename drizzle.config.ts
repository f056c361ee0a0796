// `npm run migration -- --name what-changes` turns the schema's changes into the next SQL file.
import { defineConfig } from 'drizzle-kit'

export default defineConfig({ dialect: 'sqlite', schema: './src/platform/d1/schema/*.ts', out: './migrations' })
