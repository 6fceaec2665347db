using Speedup.Abstractions;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using static TorchSharp.torch;

namespace Speedup.Core.Replacement;

/// <summary>Carries out a plan: builds the smaller modules, installs them, and multiplies the remaining masks into the weights.</summary>
internal static class ModuleReplacement
{
    /// <summary>Applies a plan within a transaction.</summary>
    /// <returns>Parameters that must stay whole, because code around a module reads what the module has folded constants into.</returns>
    /// <exception cref="SpeedupException">A handler failed, or built a module that does not fit.</exception>
    public static IReadOnlyList<Tensor> Apply(OperatorGraph graph, RemovalPlan plan, ModelTransaction transaction)
    {
        var done = new HashSet<nn.Module>(ReferenceEqualityComparer.Instance);
        foreach (GraphOperator original in graph.Operators.Where(op => op.Handler is IModuleHandler))
        {
            Scatter? scatter = plan.Scatters.FirstOrDefault(scatter => scatter.Original == original);
            GraphOperator op = scatter?.View ?? original;
            if (!done.Add(op.Module!))
                continue;
            var view = new OperatorReplacement(op, plan);
            if (Find(op, view, graph, plan) is not { } small || Build(op, small) is not { } replacement)
            {
                done.Remove(op.Module!); // another call may shrink; masks are written below
                continue;
            }
            ReplacedModule.CarryOver(op.Module!, replacement);
            Install(op, scatter is null ? replacement : ScatterBuilder.Wrap(scatter, plan, replacement), transaction);
        }
        var free = new ModelTensorReplacement(graph, plan, transaction);
        IReadOnlyList<Tensor> divided = free.Apply();
        done.UnionWith(free.Layers);
        foreach (MaskedModule module in graph.Modules.Where(module => module.IsMasked && !done.Contains(module.Module)))
            WriteMasks(module, free.Sliced, transaction);
        return divided;
    }

    /// <summary>What takes the place of a module; null where it stays.</summary>
    private static SmallModule? Find(GraphOperator op, OperatorReplacement view, OperatorGraph graph, RemovalPlan plan)
    {
        if (Guard(op, () => ((IModuleHandler)op.Handler!).Replace(view)) is not { } small)
            return null;
        return view.Shrinks() || (small.ShrinksInside && OthersShrink(op, graph, plan)) ? small : null;
    }

    private static bool OthersShrink(GraphOperator op, OperatorGraph graph, RemovalPlan plan) =>
        graph
            .Operators.Where(call => call != op && ReferenceEquals(call.Module, op.Module))
            .All(call =>
                Guard(call, () => ((IModuleHandler)op.Handler!).Replace(new OperatorReplacement(call, plan)))?.ShrinksInside == true
            );

    private static nn.Module? Build(GraphOperator op, SmallModule small)
    {
        nn.Module? built = Guard(op, small.Build);
        return ReferenceEquals(built, op.Module) ? null : built; // against the contract; but undoing must not dispose the original
    }

    private static T Guard<T>(GraphOperator op, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception cause) when (cause is not (SpeedupException or OperationCanceledException))
        {
            throw new SpeedupException(
                "SPD4001",
                $"{op.Handler!.GetType().FullName} failed to build the smaller '{op.Name}' ({cause.GetType().Name}: {cause.Message}). The model is "
                    + "unchanged; remove the plugin to keep these modules, or report it to the plugin's author.",
                cause
            )
            {
                ModulePath = op.Node.ModulePath,
            };
        }
    }

    private static void Install(GraphOperator op, nn.Module replacement, ModelTransaction transaction)
    {
        Type expected = op.Module!.GetType();
        if (replacement.GetType() == expected || op.FindNarrowPlace(replacement.GetType()) is not { } place)
        {
            transaction.Swap(op.Module, replacement);
            return;
        }
        replacement.Dispose();
        throw new SpeedupException(
            "SPD4002",
            $"{op.Handler!.GetType().FullName} built a {replacement.GetType().FullName} for '{op.Name}', which is a {expected.FullName}. "
                + $"{place} cannot hold it: a replacement must be of the same type, or of one that fits."
        )
        {
            ModulePath = op.Node.ModulePath,
        };
    }

    private static void WriteMasks(MaskedModule module, IReadOnlySet<Tensor> sliced, ModelTransaction transaction)
    {
        foreach (string name in module.Names.Where(name => module.FindFacts(name)!.IsMasked && !sliced.Contains(module.TensorOf(name))))
        {
            using Tensor masked = module.FindFacts(name)!.Masked();
            transaction.Write(module.TensorOf(name), masked);
        }
    }
}
