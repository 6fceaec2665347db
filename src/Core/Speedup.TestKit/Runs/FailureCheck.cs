using Speedup.Abstractions;
using Speedup.Core.Pipeline;
using Speedup.Persistence.Masks;
using Speedup.TestKit.Cases;
using Speedup.TestKit.Checks;
using Speedup.TestKit.Handlers;
using Speedup.TestKit.Networks;
using Speedup.TestKit.Reports;
using static TorchSharp.torch;

namespace Speedup.TestKit.Runs;

/// <summary>Lets the engine fail right after a replacement was built: the model must be bit for bit what it was.</summary>
internal sealed class FailureCheck(IModelSpeedup engine, HandlerLog log, KitCase kit, MaskSet masks)
{
    /// <summary>Runs it on a network of its own.</summary>
    public void Run(Tally tally)
    {
        log.FailsAfterReplace = true;
        using var scope = NewDisposeScope();
        using HostNetwork network = kit.Build();
        nn.Module? subject = network.Subject;
        var flags = new ModelFlags(network);
        IReadOnlyList<(string, Tensor)> before = Bits.Copy(network);
        try
        {
            kit.Speed(engine, network, masks);
            return; // nothing was replaced
        }
        catch (SpeedupException)
        {
            // what is left behind is checked below
        }
        string? changed = ReferenceEquals(subject, network.Subject)
            ? Bits.FindChange(before, network) ?? flags.FindChange(network)
            : "the module";
        if (changed is not null)
            tally.Add(
                kit,
                new Finding(KitFaultKind.StatePreservation, $"After a failed speedup the model is not what it was ({changed}).")
                {
                    Handler = log.Handler,
                }
            );
    }
}
