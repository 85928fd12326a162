using Verb.Actors.Timing;

namespace Verb.Actors.Tests.Timing;

public sealed class TimerHeapTests
{
    private readonly Ear _ear = new();

    [Fact]
    public void Whatever_is_added_and_removed_the_earliest_is_the_earliest()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var heap = new TimerHeap();
            var model = new List<SweptTimer>(); // In the order they were added.
            for (var step = 0; step < 300; step++)
            {
                if (random.Next(5) < 3)
                {
                    var timer = new SweptTimer(_ear);
                    heap.Add(timer, TimeSpan.FromSeconds(random.Next(20)));
                    model.Add(timer);
                }
                else if (model.Count > 0)
                {
                    var timer = model[random.Next(model.Count)];
                    heap.Remove(timer);
                    heap.Remove(timer);
                    timer.HeapIndex.ShouldBe(-1);
                    model.Remove(timer);
                }

                heap.Count.ShouldBe(model.Count);
                heap.Earliest.ShouldBe(model.MinBy(timer => timer.Due), $"seed {seed}, step {step}");
            }

            foreach (var timer in model.OrderBy(timer => timer.Due).ToList())
            {
                heap.Earliest.ShouldBe(timer, $"seed {seed}");
                heap.Remove(timer);
            }

            heap.Earliest.ShouldBeNull();
        }
    }
}
