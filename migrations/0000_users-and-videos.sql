CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`clerk_user_id` text,
	`created_at` integer NOT NULL,
	`deleted_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_clerk_user_id` ON `users` (`clerk_user_id`);--> statement-breakpoint
CREATE TABLE `videos` (
	`job_id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`name` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`status` text NOT NULL,
	`duration_seconds` real,
	`file_size` integer,
	`storage_path` text NOT NULL,
	`playback` text DEFAULT 'on' NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `videos_storage_path` ON `videos` (`storage_path`);--> statement-breakpoint
CREATE INDEX `videos_by_user` ON `videos` (`user_id`,`created_at`,`job_id`);--> statement-breakpoint
CREATE INDEX `videos_by_user_and_status` ON `videos` (`user_id`,`status`,`created_at`,`job_id`);