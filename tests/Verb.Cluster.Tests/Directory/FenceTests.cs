using Npgsql;

namespace Verb.Cluster.Tests.Directory;

/// <summary>What a store's fenced write relies on: a new term waits for the writes of the term before, and later ones of that find no fence.</summary>
public sealed class FenceTests(DirectoryServer fixture) : DirectoryTest(fixture)
{
    private const string Waiting = "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";

    [Fact]
    public async Task A_new_term_waits_for_the_write_of_the_one_before_and_the_new_owner_sees_it()
    {
        var (one, two, writer) = await Owned();
        await using var transaction = await writer.BeginTransactionAsync();
        (await Append(writer, "SHARE", 1)).ShouldBe(1);
        var giving = one.HandOver([new(0, Id("one"), 1)], Id("two"), default).AsTask();
        await Database.Until(Waiting);
        await transaction.CommitAsync();
        (await giving).Count.ShouldBe(1);
        (await Database.Value("SELECT max(seq) FROM log")).ShouldBe(1L);
        (await Append(writer, "SHARE", 2)).ShouldBe(0, "The fence has fallen.");
        (await two.Renew(default))!.Shards[0].Term.ShouldBe(2);
    }

    [Fact]
    public async Task A_write_that_comes_while_the_term_changes_waits_and_is_refused()
    {
        var (_, _, writer) = await Owned();
        await using var claiming = await Database.Open();
        await using var transaction = await claiming.BeginTransactionAsync();
        await using (var update = new NpgsqlCommand("UPDATE shard SET term = term + 1, owner = 'two' WHERE id = 0", claiming, transaction))
            await update.ExecuteNonQueryAsync();
        var append = Append(writer, "SHARE", 1);
        await Database.Until(Waiting);
        await transaction.CommitAsync();
        (await append).ShouldBe(0);
    }

    [Fact]
    public async Task A_key_share_lock_would_be_no_fence_the_new_owner_would_not_see_the_write()
    {
        var (one, _, writer) = await Owned();
        await using var transaction = await writer.BeginTransactionAsync();
        (await Append(writer, "KEY SHARE", 1)).ShouldBe(1);
        (await one.HandOver([new(0, Id("one"), 1)], Id("two"), default)).Count.ShouldBe(1);
        (await Database.Value("SELECT count(*) FROM log")).ShouldBe(0L);
        await transaction.CommitAsync();
        (await Database.Value("SELECT count(*) FROM log")).ShouldBe(1L, "An old term's write appears behind the new owner's back.");
    }

    private async Task<(Cluster.Directory.PostgresDirectory One, Cluster.Directory.PostgresDirectory Two, NpgsqlConnection Writer)> Owned()
    {
        await Database.Execute("CREATE TABLE log(shard int, seq bigint)");
        var (one, _) = await Database.Joined("one");
        var (two, _) = await Database.Joined("two");
        await one.Claim(Fresh(1), default);
        return (one, two, await Database.Open("writer"));
    }

    private static async Task<int> Append(NpgsqlConnection connection, string strength, long seq)
    {
        await using var command = new NpgsqlCommand($"""
            WITH fence AS (SELECT id FROM shard WHERE id = 0 AND owner = 'one' AND term = 1 FOR {strength})
            INSERT INTO log (shard, seq) SELECT id, {seq} FROM fence
            """, connection);
        return await command.ExecuteNonQueryAsync();
    }
}
