CREATE TABLE `audit_events` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`user_id` text NOT NULL,
	`at` integer NOT NULL,
	`actor_type` text NOT NULL,
	`actor_id` text,
	`action` text NOT NULL,
	`target_type` text NOT NULL,
	`target_id` text NOT NULL,
	`ip` text,
	`user_agent` text,
	`request_id` text,
	`before` text,
	`after` text,
	`hash` text,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `audit_events_by_id` ON `audit_events` (`id`);--> statement-breakpoint
CREATE INDEX `audit_events_by_user` ON `audit_events` (`user_id`,`sequence`);--> statement-breakpoint
CREATE INDEX `audit_events_unsealed` ON `audit_events` (`user_id`,`sequence`) WHERE hash IS NULL;--> statement-breakpoint
CREATE TRIGGER `audit_events_no_update` BEFORE UPDATE ON `audit_events`
WHEN NOT (OLD.`hash` IS NULL AND NEW.`hash` IS NOT NULL AND NEW.`sequence` IS OLD.`sequence` AND NEW.`id` IS OLD.`id`
  AND NEW.`user_id` IS OLD.`user_id` AND NEW.`at` IS OLD.`at` AND NEW.`actor_type` IS OLD.`actor_type`
  AND NEW.`actor_id` IS OLD.`actor_id` AND NEW.`action` IS OLD.`action` AND NEW.`target_type` IS OLD.`target_type`
  AND NEW.`target_id` IS OLD.`target_id` AND NEW.`ip` IS OLD.`ip` AND NEW.`user_agent` IS OLD.`user_agent`
  AND NEW.`request_id` IS OLD.`request_id` AND NEW.`before` IS OLD.`before` AND NEW.`after` IS OLD.`after`)
BEGIN
	SELECT RAISE(ABORT, 'audit_events is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_events_no_delete` BEFORE DELETE ON `audit_events`
BEGIN
	SELECT RAISE(ABORT, 'audit_events is append-only');
END;
