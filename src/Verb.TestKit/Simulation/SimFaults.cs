namespace Verb.TestKit.Simulation;

/// <summary>Makes things go wrong, and right again.</summary>
internal sealed class SimFaults(SimCluster cluster)
{
    private readonly List<Action> _toMend = [];
    private bool _over;

    private SimWorld World => cluster.World;

    /// <summary>A fault begins, here or a few steps later; it ends after its time, or with all others.</summary>
    public void Begin(SimFault fault)
    {
        if (fault.Steps == 0)
            Now(fault);
        else
            World.AfterSteps(fault.Steps, () => Now(fault));
    }

    /// <summary>Everything is mended; nothing goes wrong any more.</summary>
    public void EndAll()
    {
        _over = true;
        foreach (var mend in _toMend.ToArray())
            mend();
        _toMend.Clear();
        cluster.Database.Start();
        foreach (var node in cluster.Nodes)
        {
            node.Process?.Thaw();
            node.Start();
        }

        World.Trace.Add(World.Now, "faults", "are over");
    }

    private void Now(SimFault fault)
    {
        if (_over)
            return;
        World.Trace.Add(World.Now, "fault", World.Trace.KeepsLines ? fault.ToString() : fault.Kind.ToString());
        var node = cluster.Nodes[fault.Node % cluster.Nodes.Count];
        var other = cluster.Nodes[(fault.Node + fault.Other) % cluster.Nodes.Count];
        var time = TimeSpan.FromMilliseconds(fault.Lasts);
        switch (fault.Kind)
        {
            case SimFaultKind.Kill:
                node.Kill();
                Mend(time, node.Start);
                break;
            case SimFaultKind.KillTwice:
                node.Kill();
                node.Start();
                World.After(time / 4, () =>
                {
                    if (!_over)
                        node.Kill();
                });
                Mend(time / 2, node.Start);
                break;
            case SimFaultKind.Freeze:
                if (node.Process is not { } process)
                    break;
                process.Freeze();
                Mend(time, process.Thaw);
                break;
            case SimFaultKind.Part:
                Part(node, other, time);
                Part(other, node, time);
                break;
            case SimFaultKind.PartOneWay:
                Part(node, other, time);
                break;
            case SimFaultKind.Isolate:
                foreach (var peer in cluster.Nodes.Where(peer => peer != node))
                {
                    Part(node, peer, time);
                    Part(peer, node, time);
                }

                break;
            case SimFaultKind.CutDatabase:
                cluster.Database.Cut(node.Name, true);
                Mend(time, () => cluster.Database.Cut(node.Name, false));
                break;
            case SimFaultKind.RestartDatabase:
                cluster.Database.Stop();
                Mend(time, cluster.Database.Start);
                break;
            case SimFaultKind.SlowDatabase:
                cluster.Database.IsSlow = true;
                Mend(time, () => cluster.Database.IsSlow = false);
                break;
            case SimFaultKind.UnknownOutcomes:
                cluster.Database.Unknown = 0.3;
                Mend(time, () => cluster.Database.Unknown = 0);
                break;
            case SimFaultKind.BreakLink:
                for (var count = 0; count <= fault.Lasts / 500; count++)
                    World.After(World.Draw(TimeSpan.Zero, time), () => Break(node, other));
                break;
            case SimFaultKind.CrowdLink:
                foreach (var peer in cluster.Nodes.Where(peer => peer != node))
                {
                    cluster.Network.Crowd(node.Name, peer.Name, true);
                    Mend(time, () => cluster.Network.Crowd(node.Name, peer.Name, false));
                }

                break;
            case SimFaultKind.Restart:
                Restart(node, static () => { });
                break;
            case SimFaultKind.RollingRestart:
                RestartFrom(0);
                break;
            case SimFaultKind.Grow:
                var further = cluster.Grow();
                further.Start();
                Mend(time, () => further.Stop(further.Kill));
                break;
            case SimFaultKind.Drain:
                node.Drain();
                Mend(time, () => Restart(node, static () => { }));
                break;
        }
    }

    private void Part(SimNode from, SimNode to, TimeSpan time)
    {
        cluster.Network.Cut(from.Name, to.Name);
        Mend(time, () => cluster.Network.Heal(from.Name, to.Name));
    }

    private void Break(SimNode node, SimNode other)
    {
        if (!_over)
            cluster.Network.Break(node.Name, other.Name);
    }

    private void RestartFrom(int index)
    {
        if (!_over && index < cluster.Nodes.Count)
            Restart(cluster.Nodes[index], () => RestartFrom(index + 1));
    }

    private void Restart(SimNode node, Action then) => node.Stop(() => World.After(TimeSpan.FromMilliseconds(200), () =>
    {
        node.Start();
        World.After(TimeSpan.FromMilliseconds(300), then);
    }));

    /// <summary>What begins to go right after that time, at the latest when all faults are over.</summary>
    private void Mend(TimeSpan time, Action mend)
    {
        var done = false;
        _toMend.Add(Once);
        World.After(time, Once);

        void Once()
        {
            if (done)
                return;
            done = true;
            mend();
        }
    }
}
