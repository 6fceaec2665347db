using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>What a re-emitted method body reports to.</summary>
internal interface ITraceHooks
{
    /// <summary>What the code says of its conditions and calls.</summary>
    OutcomeLog Outcomes { get; }

    /// <summary>Offers a module call; true where it was traced into and <paramref name="result"/> is its value.</summary>
    bool TryTraceInto(object module, MethodInfo method, object?[] arguments, out object? result);

    /// <summary>A module that was not traced into has run.</summary>
    void RecordModule(object module, MethodInfo method, object?[] arguments, object? result);

    /// <summary>A TorchSharp function has run.</summary>
    /// <returns>What the code gets: the result, unless another shape was planned.</returns>
    object? RecordFunction(MethodInfo method, object?[] arguments, object? result);

    /// <summary>A TorchSharp function that yields a tensor has failed.</summary>
    /// <returns>A tensor of the planned shape for the code to go on with; null where nothing was planned.</returns>
    Tensor? Rescue(MethodInfo method, object?[] arguments, Exception failure);

    /// <summary>Whether a tensor belongs to the model, so that a pass must not dispose it.</summary>
    bool IsOfModel(Tensor tensor);

    /// <summary>Finds what a virtual helper call on user code really runs, re-emitted; null where it cannot be.</summary>
    MethodInfo? FindHelper(MethodInfo method, object? target);

    /// <summary>Finds the re-emitted form of what a delegate runs; null where it must be invoked as it is.</summary>
    Delegate? FindDelegate(Delegate original);

    /// <summary>Ends the pass if somebody has cancelled it: between two calls, the first of which is recorded, with what it has drawn.</summary>
    /// <exception cref="OperationCanceledException">Somebody has.</exception>
    void ThrowIfCancelled();

    /// <summary>The code makes something that is to run on a thread of its own.</summary>
    void NoteOwnThread();

    /// <summary>Takes an exception that nobody catches on a thread of the model's own.</summary>
    /// <returns>Whether it is taken: it fails the pass instead of ending the process.</returns>
    bool TakeFailure(Exception failure);
}
