namespace Speedup.Cli.Doctor;

/// <summary>Looks at one side of the machine. Never throws for what it finds, and changes nothing.</summary>
internal interface IDoctorCheck
{
    /// <summary>Looks, in the order in which the findings are to be read.</summary>
    IEnumerable<Finding> Run();
}
