-- What is known of a file. Nothing of it changes but what it belongs to, and that once.
create table stored_file (
    id uuid primary key,
    owner_id uuid not null,
    purpose varchar(40) not null,
    file_name varchar(150) not null constraint stored_file_name_is_plain check (file_name !~ '[/\\[:cntrl:]]' and file_name <> ''),
    content_type varchar(100) not null,
    size_bytes bigint not null constraint stored_file_is_not_empty check (size_bytes > 0),
    sha256 char(64) not null constraint stored_file_has_a_digest check (sha256 ~ '^[0-9a-f]{64}$'),
    created_at timestamptz not null,
    subject_kind varchar(40),
    subject_id uuid,
    attached_at timestamptz,
    -- Evidence is kept for good; a paper that can be made again is not.
    kept boolean not null default false,
    constraint stored_file_attachment_is_whole
        check ((subject_kind is null) = (subject_id is null) and (subject_kind is null) = (attached_at is null)),
    constraint stored_file_kept_belongs_to_something check (not kept or attached_at is not null)
);
create index stored_file_by_subject on stored_file (subject_kind, subject_id) where subject_id is not null;
create index stored_file_unattached on stored_file (owner_id, created_at) where attached_at is null;
create index stored_file_unattached_by_age on stored_file (created_at) where attached_at is null;

-- The bytes, apart, so that lists of files never read them. They are compressed already, most of them; stored plainly, a
-- part can be read without the whole.
create table stored_file_content (
    file_id uuid primary key references stored_file (id) on delete cascade,
    content bytea not null
);
alter table stored_file_content alter column content set storage external;

create function stored_file_is_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if old.kept then
            raise exception 'the file belongs to something and is kept (%)', old.id
                using errcode = 'check_violation', constraint = 'stored_file_is_kept';
        end if;
        return old;
    end if;
    if (new.id, new.owner_id, new.purpose, new.file_name, new.content_type, new.size_bytes, new.sha256, new.created_at)
        is distinct from
        (old.id, old.owner_id, old.purpose, old.file_name, old.content_type, old.size_bytes, old.sha256, old.created_at)
        or (old.attached_at is not null and (new.subject_kind, new.subject_id, new.attached_at, new.kept)
            is distinct from (old.subject_kind, old.subject_id, old.attached_at, old.kept))
    then
        raise exception 'a file does not change (%)', old.id
            using errcode = 'check_violation', constraint = 'stored_file_is_kept';
    end if;
    return new;
end $$;
create trigger stored_file_is_kept before update or delete on stored_file
    for each row execute function stored_file_is_kept();

create function stored_file_content_is_kept() returns trigger language plpgsql as $$
begin
    raise exception 'the bytes of a file do not change (%)', old.file_id
        using errcode = 'check_violation', constraint = 'stored_file_content_is_kept';
end $$;
create trigger stored_file_content_is_kept before update on stored_file_content
    for each row execute function stored_file_content_is_kept();

create trigger stored_file_is_audited after insert or update or delete on stored_file
    for each row execute function audit_row('file');
