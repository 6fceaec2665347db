using System.Runtime.CompilerServices;
using Speedup.Abstractions;
using Speedup.Core.Models;
using static TorchSharp.torch;

namespace Speedup.Core.Pipeline;

/// <summary>
/// The modules that some engine of this process is working on. Two speedups of one model, or of models that share a layer, would each take
/// the other's changes for the model's own, and put back what was never there.
/// </summary>
/// <remarks>
/// Static state that changes, as otherwise only <c>ModelOrigins</c> has it: the engines of a process do not know of each other, and nothing can be written to a
/// module of TorchSharp. It holds no module alive, and each claim is given up by who made it.
/// </remarks>
internal sealed class BusyModels : IDisposable
{
    private static readonly ConditionalWeakTable<nn.Module, BusyModels> Claims = [];
    private static readonly Lock Claiming = new();
    private readonly List<nn.Module> _claimed = [];

    private BusyModels() { }

    /// <summary>Claims the modules of a model, until the result is disposed.</summary>
    /// <exception cref="SpeedupException">Another engine, thread or outer call is working on one of them.</exception>
    public static BusyModels Claim(ModelInventory inventory)
    {
        var claim = new BusyModels();
        lock (Claiming)
        {
            foreach ((string path, nn.Module module) in inventory.Modules)
            {
                if (Claims.TryAdd(module, claim))
                {
                    claim._claimed.Add(module);
                    continue;
                }
                claim.Dispose();
                string where = path.Length == 0 ? "the model" : $"'{path}'";
                throw new SpeedupException(
                    "SPD2004",
                    $"Another speedup or trace is working on {where} ({module.GetType().Name}). Wait for it to end; it is not disturbed, and this call has "
                        + "changed nothing."
                );
            }
        }
        return claim;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (Claiming)
        {
            foreach (nn.Module module in _claimed)
                Claims.Remove(module);
            _claimed.Clear();
        }
    }
}
