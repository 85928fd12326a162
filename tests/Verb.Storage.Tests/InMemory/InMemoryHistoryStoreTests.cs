using Verb.Actors.Rooms;
using Verb.Contracts;
using Verb.Storage.Tests.Contracts;

namespace Verb.Storage.Tests.InMemory;

public sealed class InMemoryHistoryStoreTests : HistoryStoreContract
{
    protected override IHistoryStore Store { get; } = new InMemoryHistoryStore();

    [Fact]
    public async Task Beyond_its_bound_it_forgets_the_rooms_touched_longest_ago()
    {
        var store = new InMemoryHistoryStore(maxRooms: 2);
        async Task<string> Open(string room, string epoch) => (await store.Open(
            new RoomId(room), Given.Fence, epoch, 0, Given.Now, CancellationToken.None))!.Epoch;
        await Open("a", "1");
        await Open("b", "1");
        await store.Append(Given.Append(new RoomId("a"), 1, 1), CancellationToken.None);

        await Open("c", "1");

        (await Open("a", "2")).ShouldBe("1");
        (await Open("b", "2")).ShouldBe("2");
    }
}
