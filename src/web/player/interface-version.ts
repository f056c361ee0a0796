// What this build's shell and engine agree on, as a version: src/cli/build makes it of the files that say so.
declare const PLAYER_INTERFACE: string

export const INTERFACE: string = PLAYER_INTERFACE
