namespace Speedup.Core.Probing;

/// <summary>Where each index of an input's axis goes: it reaches one index of an axis of an output, and no other.</summary>
/// <param name="Input">Position of the input.</param>
/// <param name="InputAxis">Its axis.</param>
/// <param name="Output">Position of the output.</param>
/// <param name="OutputAxis">Its axis.</param>
/// <param name="Map">For each index of the input's axis the index of the output's axis that it reaches.</param>
internal sealed record IndexRelation(int Input, int InputAxis, int Output, int OutputAxis, int[] Map);
