using Verb.Actors.Durability;
using Verb.Postgres.Testing;
using Verb.Storage.Postgres;

namespace Verb.Storage.Tests.Postgres;

[Collection(PostgresCollection.Name)]
public sealed class PostgresSchemaTests(PostgresCollection.Fixture server) : IAsyncLifetime
{
    private readonly PostgresFixture _fixture = new(server);

    private static CancellationToken None => CancellationToken.None;

    public Task InitializeAsync() => _fixture.Create();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task Nodes_that_start_at_once_make_the_tables_once()
    {
        var databases = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => PostgresDatabase.Open(_fixture.Options, _fixture.Clock, None)));
        foreach (var database in databases)
            await database.DisposeAsync();

        (await _fixture.Scalar("SELECT count(*) || ' ' || min(id) || ' ' || max(id) || ' ' || max(term) FROM shard")).ShouldBe("256 0 255 0");
        (await _fixture.Scalar("SELECT value FROM meta WHERE key = 'schema'")).ShouldBe($"{PostgresSchema.Version}");
    }

    [Fact]
    public async Task Every_session_commits_synchronously_whatever_the_database_says()
    {
        await _fixture.Scalar($"ALTER DATABASE {_fixture.Name} SET synchronous_commit = off");
        await _fixture.Scalar($"ALTER DATABASE {_fixture.Name} SET default_transaction_isolation = serializable");
        await _fixture.Open();

        await using var command = _fixture.Database.Source.CreateCommand(
            "SELECT current_setting('synchronous_commit') || ' ' || current_setting('transaction_isolation') || ' ' || current_setting('application_name')");
        (await command.ExecuteScalarAsync()).ShouldBe("on read committed verb");
    }

    [Fact]
    public async Task A_newer_schema_is_refused()
    {
        await _fixture.Open();
        await _fixture.Close();
        await _fixture.Scalar($"UPDATE meta SET value = '{PostgresSchema.Version + 1}' WHERE key = 'schema'");

        (await Refused(StorageFault.Newer)).ShouldContain("start the newer Verb");
    }

    [Theory]
    [InlineData("CREATE TABLE room(theirs int)")]
    [InlineData("CREATE TABLE meta(theirs int)")]
    public async Task Another_programs_tables_are_refused_untouched(string sql)
    {
        await _fixture.Scalar(sql);

        (await Refused(StorageFault.Damaged)).ShouldContain("give Verb a database of its own");
        (await _fixture.Scalar("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).ShouldBe("1");
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_refused()
    {
        _fixture.Options.ConnectionString = server.Server.ConnectionString("nowhere");

        (await Refused(StorageFault.ReadOnly)).ShouldContain("'nowhere'");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_refused_without_showing_the_password()
    {
        _fixture.Options.ConnectionString = "Host=127.0.0.1;Port=1;Username=verb;Password=hush;Database=verb";

        var message = await Refused(StorageFault.Device);
        message.ShouldContain("127.0.0.1:1 cannot be reached");
        message.ShouldNotContain("hush");
    }

    [Fact]
    public async Task A_user_that_is_not_known_is_refused()
    {
        _fixture.Options.ConnectionString += ";Username=stranger;Password=hush";

        var message = await Refused(StorageFault.ReadOnly);
        message.ShouldContain("does not take this user and password");
        message.ShouldNotContain("hush");
    }

    [Fact]
    public async Task A_user_that_may_not_make_tables_is_refused()
    {
        var role = $"guest_{Guid.NewGuid():n}";
        await _fixture.Scalar($"CREATE ROLE {role} LOGIN");
        _fixture.Options.ConnectionString += $";Username={role}";

        (await Refused(StorageFault.ReadOnly)).ShouldContain("make the user the owner");
    }

    [Fact]
    public async Task A_read_only_database_is_refused()
    {
        await _fixture.Scalar($"ALTER DATABASE {_fixture.Name} SET default_transaction_read_only = on");

        (await Refused(StorageFault.ReadOnly)).ShouldContain("is read-only");
    }

    [Fact]
    public async Task A_standby_is_refused_and_the_primary_named_as_the_way_out()
    {
        await using var server = await PostgresServer.Start();
        _fixture.Options.ConnectionString = await server.CreateDatabase();
        await _fixture.Open();
        await _fixture.Close();
        await server.RestartAsStandby();

        (await Refused(StorageFault.ReadOnly)).ShouldEndWith(
            "is on a standby server: connect to the primary, for instance with Target Session Attributes=primary.");
    }

    [Fact]
    public async Task A_database_of_another_encoding_is_refused()
    {
        var name = $"latin_{Guid.NewGuid():n}";
        await server.Server.Execute($"CREATE DATABASE {name} ENCODING 'LATIN1' TEMPLATE template0");
        _fixture.Options.ConnectionString = server.Server.ConnectionString(name);

        (await Refused(StorageFault.Device)).ShouldContain("ENCODING 'UTF8'");
    }

    [Theory]
    [InlineData("fsync")]
    [InlineData("full_page_writes")]
    public async Task A_server_that_may_lose_what_it_acknowledged_is_refused_unless_allowed(string setting)
    {
        await using var careless = await PostgresServer.Start($"{setting}=off");
        _fixture.Options.ConnectionString = await careless.CreateDatabase();
        _fixture.Options.AllowUnsafe = false;

        (await Refused(StorageFault.Device)).ShouldContain($"{setting} off");

        _fixture.Options.AllowUnsafe = true;
        await _fixture.Open();
        await _fixture.Close();
    }

    private async Task<string> Refused(StorageFault fault)
    {
        var failure = await Should.ThrowAsync<StorageException>(() => PostgresDatabase.Open(_fixture.Options, _fixture.Clock, None));
        failure.Fault.ShouldBe(fault, failure.Message);
        failure.Message.ShouldStartWith("The database '");
        failure.Message.ShouldNotContain("\n");
        return failure.Message;
    }
}
