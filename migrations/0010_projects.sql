CREATE TABLE `projects` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`name` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `projects_by_user` ON `projects` (`user_id`,`created_at`,`id`);--> statement-breakpoint
ALTER TABLE `videos` ADD `project_id` text;--> statement-breakpoint
CREATE INDEX `videos_by_user_and_project` ON `videos` (`user_id`,`project_id`,`created_at`,`job_id`);