CREATE TABLE `plays` (
	`sid` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`job_id` text NOT NULL,
	`viewer` text,
	`viewer_hash` text NOT NULL,
	`key_reference` text NOT NULL,
	`begun_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`ends_at` integer NOT NULL,
	`country` text,
	`player` text NOT NULL,
	`bytes` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `plays_by_user` ON `plays` (`user_id`,`last_seen_at`,`sid`);--> statement-breakpoint
CREATE INDEX `plays_by_film` ON `plays` (`user_id`,`job_id`,`last_seen_at`,`sid`);--> statement-breakpoint
CREATE INDEX `plays_by_time` ON `plays` (`last_seen_at`);