namespace Verb.TestKit.Dispatching;

/// <summary>Runs what is ready, one thing after the other, on the thread that drives it.</summary>
internal interface IPump
{
    /// <summary>Something is to run soon.</summary>
    void Ready(Task task);
}
