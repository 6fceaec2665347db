using Speedup.Abstractions;

namespace Speedup.Core.Propagation;

/// <summary>What a call that was given other numbers at other sizes of the input does at all of them.</summary>
internal interface ISizeDependence
{
    /// <summary>Whether what the call does with an axis depends on the size. Such an axis is kept as a whole.</summary>
    /// <param name="axis">An axis of the call.</param>
    bool IsUnreliable(AxisRef axis);

    /// <summary>Infers what holds at all sizes.</summary>
    /// <param name="infer">Asks the handler about the call at one size.</param>
    void Infer(Action<IOperator> infer);
}
