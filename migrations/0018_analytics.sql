CREATE TABLE `play_heat` (
	`user_id` text NOT NULL,
	`job_id` text NOT NULL,
	`hour` integer NOT NULL,
	`watched` text NOT NULL,
	`again` text NOT NULL,
	`left` text NOT NULL,
	PRIMARY KEY(`user_id`, `job_id`, `hour`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `play_hours` (
	`user_id` text NOT NULL,
	`hour` integer NOT NULL,
	`job_id` text NOT NULL,
	`country` text NOT NULL,
	`device` text NOT NULL,
	`player` text NOT NULL,
	`plays` integer NOT NULL,
	`viewers` text NOT NULL,
	`anonymous` integer NOT NULL,
	`watched_ms` integer NOT NULL,
	`media_ms` integer NOT NULL,
	`media_bytes` integer NOT NULL,
	`stalls` integer NOT NULL,
	`stall_ms` integer NOT NULL,
	`exits` integer NOT NULL,
	`switches` integer NOT NULL,
	`seen_shares` real NOT NULL,
	`seen_plays` integer NOT NULL,
	`startups` text NOT NULL,
	`errors` text NOT NULL,
	PRIMARY KEY(`user_id`, `hour`, `job_id`, `country`, `device`, `player`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `play_hours_due` (
	`hour` integer PRIMARY KEY NOT NULL,
	`is_taken` integer DEFAULT false NOT NULL
);
--> statement-breakpoint
ALTER TABLE `plays` ADD `device` text DEFAULT 'other' NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `seen_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `seen_slot` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `marks` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `media_ms` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `seen_ms` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `film_ms` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `known_bytes` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `unknown_bytes` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `segments` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `stalls` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `stall_ms` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `switches` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `is_end` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `heat_first` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `heat_second` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `again_first` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `again_second` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `left_ms` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `startup_ms` integer;--> statement-breakpoint
ALTER TABLE `plays` ADD `errors` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `said_events` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `said_startup_ms` integer;--> statement-breakpoint
ALTER TABLE `plays` ADD `said_stalls` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `said_stall_ms` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `said_idle_ms` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `said_seeks` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `plays` ADD `said_states` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `plays_live` ON `plays` (`user_id`,`seen_slot`,`sid`);--> statement-breakpoint
CREATE INDEX `plays_of_user` ON `plays` (`user_id`,`begun_at`,`sid`);--> statement-breakpoint
CREATE INDEX `plays_by_beginning` ON `plays` (`begun_at`,`sid`);